import { sizeOf, type Attrs, type Call, type KernelTable } from "@tenon/tensor";
import { f32, f32x4, i32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { exp, log, maxLanes, sumLanes } from "./math.ts";
import { loadAt, rowLength, storeAt, sweep, turns } from "./sweep.ts";

type Softmax = Kernel<{ readonly x: "i32"; readonly y: "i32"; readonly n: "i32" }>;

/** e^(x − max) / Σ e^(x − max) along rows of n, or its logarithm x − max − log Σ. A unit is a row. */
const rows = (name: string, logarithm: boolean): Softmax =>
  kernel(name, { x: "i32", y: "i32", n: "i32" }, (f, { x, y, n }, part) => {
    const length = rowLength(f, n);
    const [row, from, to] = f.locals("i32", 3);
    const each = f.locals("v128", turns);
    const top = f.local("v128");
    f.for(row, part.from, part.to, 1, () => {
      const start = f.let(i32.mul(row, length.bytes));
      from.set(i32.add(x, start));
      to.set(i32.add(y, start));
      for (const v of each) v.set(f32x4.of(-Infinity));
      const lowest = f32x4.of(-Infinity);
      sweep(f, length, (place) => each[place.turn]!.set(f32x4.max(each[place.turn]!, loadAt(from, place, lowest))));
      const [a, b, c, d] = each;
      top.set(f32x4.splat(maxLanes(f, f32x4.max(f32x4.max(a, b), f32x4.max(c, d)))));
      for (const v of each) v.set(f32x4.of(0));
      sweep(f, length, (place) => {
        // Lanes behind the end are −∞, of which the exponential is 0; where the largest is −∞ too it is NaN, as the row's.
        const e = exp(f, f32x4.sub(loadAt(from, place, lowest), top));
        each[place.turn]!.set(f32x4.add(each[place.turn]!, e));
        if (!logarithm) storeAt(f, part, to, place, e, length);
      });
      const total = sumLanes(f, f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
      if (logarithm) {
        const shift = f.let(f32x4.add(top, log(f, f32x4.splat(total))));
        sweep(f, length, (place) => storeAt(f, part, to, place, f32x4.sub(loadAt(from, place), shift), length));
      } else {
        const scale = f.let(f32x4.splat(f32.div(1, total)));
        sweep(f, length, (place) => storeAt(f, part, to, place, f32x4.mul(loadAt(to, place), scale), length));
      }
    });
  });

const softmax = rows("softmax", false);
const logSoftmax = rows("logSoftmax", true);
export const softmaxKernels: readonly Kernel[] = [softmax, logSoftmax];

/** Along the last axis; along others it is composed. */
export function softmaxTable(engine: Engine): Pick<KernelTable<Block>, "softmax" | "logSoftmax"> {
  const run = (each: Softmax) => ({
    accepts: ({ axis }: { axis: number }, [x]: readonly [{ shape: readonly number[] }]): boolean =>
      axis === x.shape.length - 1,
    run: ([x]: readonly [Block], _: Attrs, call: Call<Block>): Block => {
      const y = call.allocate(call.output);
      const n = call.output.shape.at(-1)!;
      const size = sizeOf(call.output.shape);
      if (size > 0) engine.run(each, { x: engine.at(x), y: engine.at(y), n }, size / n, Math.ceil(8192 / n));
      return y;
    },
  });
  return { softmax: run(softmax), logSoftmax: run(logSoftmax) };
}
