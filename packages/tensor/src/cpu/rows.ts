import type { Call } from "../kernel.ts";
import { sizeOf, type Shape, type TensorType } from "../shape.ts";
import type { Data } from "./storage.ts";

/** The shape of input i; a number is a scalar. */
export function shapeAt(call: Call<Data>, i: number): Shape {
  const input = call.inputs[i] as TensorType | number;
  return typeof input === "number" ? [] : input.shape;
}

/** Steps through an operand of shape `shape` as the cells of `out` are visited: 0 along axes that are broadcast. */
export function stridesIn(shape: Shape, out: Shape): number[] {
  const strides = new Array<number>(out.length).fill(0);
  for (let i = shape.length - 1, step = 1; i >= 0; i--) {
    if (shape[i] !== 1) strides[out.length - shape.length + i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/** Calls `row` for each run of the last axis of `out`, with where it starts in the output and in each operand. */
export function eachRow(
  out: Shape,
  strides: readonly (readonly number[])[],
  row: (o: number, at: readonly number[]) => void,
): void {
  const last = out.length - 1;
  const length = last < 0 ? 1 : out[last]!;
  const rows = length === 0 ? 0 : sizeOf(out) / length;
  const index = new Array<number>(Math.max(last, 0)).fill(0);
  const at = strides.map(() => 0);
  for (let r = 0; r < rows; r++) {
    row(r * length, at);
    for (let axis = last - 1; axis >= 0; axis--) {
      const size = out[axis]!;
      index[axis]!++;
      const wrapped = index[axis] === size;
      for (let s = 0; s < at.length; s++) at[s]! += strides[s]![axis]! * (wrapped ? 1 - size : 1);
      if (!wrapped) break;
      index[axis] = 0;
    }
  }
}

/** A shape seen from one axis: what lies outside, the axis, what lies inside. */
export function around(shape: Shape, axis: number): { outer: number; n: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, axis)), n: shape[axis]!, inner: sizeOf(shape.slice(axis + 1)) };
}
