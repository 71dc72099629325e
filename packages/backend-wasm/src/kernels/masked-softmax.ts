import { sizeOf, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32, f32x4, i16x8, i32, i32x4, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { repeatedAxes } from "./expand.ts";
import { exp, maxLanes, sumLanes } from "./math.ts";
import { findPlane, planesOf } from "./planes.ts";
import { loadAt, rowLength, storeAt, sweep, turns, type Place } from "./sweep.ts";

type Vector = Value<"v128">;

/** Where in scratch a mask's one byte for a row is repeated; vectors of a row pass by way of its beginning. */
const spreadAt = 64;

/**
 * e^(x − max) / Σ e^(x − max) over what the mask allows along rows of n, 0 elsewhere; `step` is 1, or 0 where a mask has one byte for a
 * row. A unit is a row.
 */
const maskedSoftmax = kernel(
  "maskedSoftmax",
  { x: "i32", mask: "i32", y: "i32", n: "i32", step: "i32", table: "i32", axes: "i32" },
  (f, { x, mask, y, n, step, ...planes }, part) => {
    const length = rowLength(f, n);
    const [row, from, to, masks, ignored] = f.locals("i32", 5);
    const each = f.locals("v128", turns);
    const [a, b, c, d] = each;
    const walked = f.let(i32.sub(0, step)); // all ones, or 0
    const spread = f.let(i32.add(part.scratch, spreadAt));
    const allowed = (place: Place): Local<"v128"> => {
      const at = i32.add(masks, i32.and(i32.shr(place.at, 2), walked));
      const four = i32x4.ofLow16(i16x8.ofLow8(v128.load32Zero(at, place.offset / 4)));
      const is = i32x4.ne(four, 0);
      return f.let(place.mask === undefined ? is : v128.and(is, place.mask));
    };
    f.for(row, part.from, part.to, 1, () => {
      const start = f.let(i32.mul(row, length.bytes));
      from.set(i32.add(x, start));
      to.set(i32.add(y, start));
      masks.set(mask);
      findPlane(f, row, planes, masks, ignored);
      f.if(i32.eqz(step), () => {
        f.store("v128", spread, v128.splat8(masks));
        masks.set(spread);
      });
      // Not −∞: a row that allows nothing above it sums to 0.
      const lowest = f32x4.of(-3e38);
      for (const v of each) v.set(lowest);
      sweep(f, length, (place) => {
        const score: Vector = v128.select(loadAt(from, place), lowest, allowed(place));
        each[place.turn]!.set(f32x4.max(each[place.turn]!, score));
      });
      const top = f.let(f32x4.splat(maxLanes(f, f32x4.max(f32x4.max(a, b), f32x4.max(c, d)))));
      for (const v of each) v.set(f32x4.of(0));
      sweep(f, length, (place) => {
        const e = f.let(v128.and(exp(f, f32x4.sub(loadAt(from, place), top)), allowed(place)));
        each[place.turn]!.set(f32x4.add(each[place.turn]!, e));
        storeAt(f, part, to, place, e, length);
      });
      const total = f.let(sumLanes(f, f32x4.add(f32x4.add(a, b), f32x4.add(c, d))));
      f.if(f32.ne(total, 0), () => {
        const scale = f.let(f32x4.splat(f32.div(1, total)));
        sweep(f, length, (place) => storeAt(f, part, to, place, f32x4.mul(loadAt(to, place), scale), length));
      });
    });
  },
);

export const maskedSoftmaxKernels: readonly Kernel[] = [maskedSoftmax];

/** Softmax over what a mask allows, which broadcasts to the scores. */
export const maskedSoftmaxTable = (engine: Engine): Pick<KernelTable<Block>, "maskedSoftmax"> => ({
  maskedSoftmax: ([x, mask], _, call) => {
    const y = call.allocate(call.output);
    const { shape } = call.output;
    const n = shape.at(-1)!;
    const rows = sizeOf(shape.slice(0, -1));
    if (rows * n === 0) return y;
    const masks = (call.inputs[1] as TensorType).shape;
    const width = masks.at(-1) ?? 1;
    const planes = planesOf(engine, repeatedAxes(masks.slice(0, -1), shape.slice(0, -1), width), call);
    const places = { x: engine.at(x), mask: engine.at(mask), y: engine.at(y) };
    const values = { ...places, n, step: width === 1 ? 0 : 1, ...planes };
    engine.run(maskedSoftmax, values, rows, Math.ceil(8192 / n));
    return y;
  },
});
