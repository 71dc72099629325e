import { sizeOf, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32x4, i32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { copyBytes } from "./copy.ts";
import { loadAt, rowLength, storeAt, sweep } from "./sweep.ts";

/**
 * Rows of k numbers, of which the first and the second `half` turn against each other by the angles of the row's position, one of t; the
 * rest stays. A unit is a row.
 */
const rope = kernel(
  "rope",
  { x: "i32", cos: "i32", sin: "i32", y: "i32", t: "i32", k: "i32", half: "i32" },
  (f, { x, cos, sin, y, t, k, half }, part) => {
    const length = rowLength(f, half);
    const [row, first, second, toFirst, toSecond, cosines, sines] = f.locals("i32", 7);
    const rowBytes = f.let(i32.shl(k, 2));
    const turning = f.let(i32.shl(length.bytes, 1));
    const staying = f.let(i32.sub(rowBytes, turning));
    const [a, b, c, s] = f.locals("v128", 4);
    f.for(row, part.from, part.to, 1, () => {
      const start = f.let(i32.mul(row, rowBytes));
      const angles = f.let(i32.mul(i32.rem(row, t), length.bytes));
      first.set(i32.add(x, start));
      second.set(i32.add(first, length.bytes));
      toFirst.set(i32.add(y, start));
      toSecond.set(i32.add(toFirst, length.bytes));
      cosines.set(i32.add(cos, angles));
      sines.set(i32.add(sin, angles));
      sweep(f, length, (place) => {
        a.set(loadAt(first, place));
        b.set(loadAt(second, place));
        c.set(loadAt(cosines, place));
        s.set(loadAt(sines, place));
        storeAt(f, part, toFirst, place, f32x4.sub(f32x4.mul(a, c), f32x4.mul(b, s)), length);
        storeAt(f, part, toSecond, place, f32x4.add(f32x4.mul(b, c), f32x4.mul(a, s)), length);
      });
      f.if(staying, () => {
        first.set(i32.add(first, turning));
        toFirst.set(i32.add(toFirst, turning));
        copyBytes(f, toFirst, first, staying);
      });
    });
  },
);

export const ropeKernels: readonly Kernel[] = [rope];

/** Rotary positions in one pass. */
export const ropeTable = (engine: Engine): Pick<KernelTable<Block>, "rope"> => ({
  rope: ([x, cos, sin], _, call) => {
    const y = call.allocate(call.output);
    const { shape } = call.output;
    const k = shape.at(-1)!;
    const [t, half] = (call.inputs[1] as TensorType).shape as [number, number];
    const values = { x: engine.at(x), cos: engine.at(cos), sin: engine.at(sin), y: engine.at(y), t, k, half };
    engine.run(rope, values, sizeOf(shape.slice(0, -1)), Math.ceil(16_384 / Math.max(k, 1)));
    return y;
  },
});
