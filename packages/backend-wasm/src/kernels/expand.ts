import { bytesPerElement, sizeOf, type Call, type KernelTable, type Shape, type TensorType } from "@tenon/tensor";
import { f64x2, i16x8, i32, i32x4, i8x16, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { elementSizes, runCopy, runsPerPiece, writeBytes, type ElementSize } from "./copy.ts";
import { runRows } from "./permute.ts";
import { findPlane, planesOf, type Axis } from "./planes.ts";

/**
 * The axes of what x becomes, as `joinedAxes` of planes.ts gives those of a permuted tensor: a step of 0 in x where it is repeated.
 */
export function repeatedAxes(x: Shape, out: Shape, bytes: number): Axis[] {
  const axes: Axis[] = [];
  let [xStep, yStep] = [bytes, bytes];
  out.toReversed().forEach((size, i) => {
    const own = x.at(-1 - i) ?? 1;
    const step = own === 1 ? 0 : xStep;
    xStep *= own;
    if (size === 1) return;
    const inner = axes[0];
    if (inner !== undefined && step === inner.size * inner.xStep) axes[0] = { ...inner, size: size * inner.size };
    else axes.unshift({ size, xStep: step, yStep });
    yStep *= size;
  });
  return axes;
}

const splat = {
  1: { load: v128.splat8, lane: (x: Value<"v128">) => i8x16.lane(x, 0) },
  2: { load: v128.splat16, lane: (x: Value<"v128">) => i16x8.lane(x, 0) },
  4: { load: v128.splat32, lane: (x: Value<"v128">) => i32x4.lane(x, 0) },
};

const fields = { y: "i32", x: "i32", bytes: "i32", total: "i32", table: "i32", axes: "i32" } as const;
/** Rows of so many bytes, in all `total`, each of one element of x over and over. A unit is a row. */
const repeatElement = (size: ElementSize): Kernel<typeof fields> =>
  kernel(`repeatElement${8 * size}`, fields, (f, { y, x, bytes, total, ...planes }, part) => {
    const [row, source, at, left, ignored, target] = f.locals("i32", 6);
    const each = f.local("v128");
    f.for(row, part.from, part.to, 1, () => {
      source.set(x);
      findPlane(f, row, planes, source, ignored);
      each.set(splat[size].load(source));
      at.set(i32.mul(row, bytes));
      target.set(i32.add(y, at));
      left.set(i32.sub(total, at));
      left.set(f.select(i32.lt(left, bytes), left, bytes));
      writeBytes(f, target, left, {
        vector: () => each,
        eight: () => f64x2.lane(each, 0),
        few: (width) => splat[width].lane(each),
      });
    });
  });

const bySize: { readonly [S in ElementSize]: Kernel<typeof fields> } = {
  1: repeatElement(1),
  2: repeatElement(2),
  4: repeatElement(4),
};

export const expandKernels: readonly Kernel[] = elementSizes.map((size) => bySize[size]);

/** What x becomes when it is repeated along axes of size 1 up to a shape: rows are copied, elements spread over vectors. */
export function expandBlock(engine: Engine, x: Block, type: TensorType, shape: Shape, call: Call<Block>): Block {
  const y = call.allocate({ dtype: type.dtype, shape });
  const size = bytesPerElement(type.dtype) as ElementSize;
  const total = sizeOf(shape) * size;
  if (total === 0) return y;
  const places = { y: engine.at(y), x: engine.at(x) };
  const axes = repeatedAxes(type.shape, shape, size);
  const last = axes.pop();
  if (last === undefined || (axes.length === 0 && last.xStep !== 0)) {
    runCopy(engine, { ...places, runs: 1, bytes: total, yStep: total, xStep: total });
  } else if (last.xStep !== 0) {
    const { size: count, xStep } = axes.pop()!;
    const bytes = last.size * size;
    runRows(engine, { ...places, bytes, count, xStep, ...planesOf(engine, axes, call) }, total / bytes);
  } else {
    // One element for all is divided, too: in rows of 64 KiB.
    const bytes = axes.length === 0 ? Math.min(total, 1 << 16) : last.size * size;
    const planes = planesOf(engine, axes, call);
    engine.run(bySize[size], { ...places, bytes, total, ...planes }, Math.ceil(total / bytes), runsPerPiece(bytes));
  }
  return y;
}

export const expandTable = (engine: Engine): Pick<KernelTable<Block>, "expand"> => ({
  expand: ([x], { shape }, call) => expandBlock(engine, x, call.inputs[0] as TensorType, shape, call),
});

/** It takes 16-bit floats as they are stored. */
export const expandHalves: readonly string[] = ["expand"];
