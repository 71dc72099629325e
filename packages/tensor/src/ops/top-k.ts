import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { scoped } from "../scope.ts";
import { axisOf, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reversed } from "./max.ts";
import { expectNumber } from "./operand.ts";
import { transpose } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { scatterAlong } from "./take-along.ts";

export const topKOp: Primitive<[x: Tensor], { k: number }, readonly [values: Tensor, indices: Tensor]> = {
  kind: "primitive",
  name: "topK",
  saves: "output",
  infer: ([x], { k }) => {
    expectNumber("topK", x);
    const n = x.shape[x.shape.length - 1];
    if (n === undefined || !Number.isInteger(k) || k < 1 || k > n)
      throw new ShapeError(
        `topK: k = ${k} of ${show(x.shape)}; expected a whole number from 1 to the size of the last axis`,
        { k, x: x.shape },
      );
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { dtype: x.dtype, shape },
      { dtype: "i32", shape },
    ];
  },
  gradient: ({ inputs: [x], output: [, indices], upstream: [values] }) => [
    values && (() => scatterAlong(indices, values, x.shape[x.rank - 1]!)),
  ],
};

/**
 * The k largest of each row, largest first, and where they stood (i32): x […, v] → two of […, k]. Of equals the first comes first,
 * and NaN counts as largest. f32, f16, bf16 or i32. Throws `DTypeError` for another dtype and `ShapeError` unless k is from 1 to v.
 *
 * Gradient: the upstream gradient of each value goes to where the value stood; there is none of the indices.
 *
 * @example
 * ```ts
 * const [values, indices] = topK(tensor([2, 7, 5, 7], [4], cpu()), 3);
 * console.log(await values.read(), await indices.read()); // Float32Array(3) [ 7, 7, 5 ] Int32Array(3) [ 1, 3, 2 ]
 * ```
 */
export function topK(x: Tensor, k: number): readonly [values: Tensor, indices: Tensor] {
  return apply(topKOp, [x], { k });
}

/** Where the first in the order of topK stands along an axis, which goes. */
function argFirst(op: string, x: Tensor, axis: number): Tensor {
  const at = axisOf(axis, x.rank, op);
  if (x.shape[at] === 0)
    throw new ShapeError(`${op}: axis ${at} of ${show(x.shape)} has no entries, so none of them comes first`, {
      op,
      axis: at,
      shape: x.shape,
    });
  const shape = x.shape.toSpliced(at, 1);
  return scoped(() => {
    if (at === x.rank - 1) return reshape(topK(x, 1)[1], shape);
    return reshape(transpose(topK(transpose(x, at, -1), 1)[1], at, -1), shape);
  });
}

/**
 * Where the largest element stands along one axis, the first of equals; the first NaN where there is one: x […, v] → i32 […]. f32,
 * f16, bf16 or i32. Throws `DTypeError` for another dtype and `ShapeError` for an axis that x does not have or that has no entries.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const logits = tensor([1, 9, 2, 7, 3, 7], [2, 3], cpu());
 * console.log(await argMax(logits).read()); // Int32Array(2) [ 1, 0 ]
 * console.log(await argMax(logits, 0).read()); // Int32Array(3) [ 1, 0, 1 ]
 * ```
 */
export function argMax(x: Tensor, axis = -1): Tensor {
  expectNumber("argMax", x.type);
  return argFirst("argMax", x, axis);
}

/**
 * Where the smallest element stands along one axis, the first of equals; the first NaN where there is one: x […, v] → i32 […]. f32,
 * f16, bf16 or i32. Throws `DTypeError` for another dtype and `ShapeError` for an axis that x does not have or that has no entries.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const distances = tensor([4, 1, 3, 2, 5, 2], [2, 3], cpu());
 * console.log(await argMin(distances).read()); // Int32Array(2) [ 1, 0 ]
 * ```
 */
export function argMin(x: Tensor, axis = -1): Tensor {
  expectNumber("argMin", x.type);
  return scoped(() => argFirst("argMin", reversed(x), axis));
}
