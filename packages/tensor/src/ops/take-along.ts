import { ShapeError } from "../errors.ts";
import { apply, none, type None, type Primitive } from "../op.ts";
import { checkShape, sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectDType, expectNumber } from "./operand.ts";

export const takeAlongOp: Primitive<[x: Tensor, index: Tensor], None> = {
  kind: "primitive",
  name: "takeAlong",
  saves: "inputs",
  infer: ([x, index]) => {
    expectDType("takeAlong", index, "i32", "the index");
    if (
      x.shape.length === 0 ||
      x.shape.length !== index.shape.length ||
      !sameShape(x.shape.slice(0, -1), index.shape.slice(0, -1))
    ) {
      throw new ShapeError(
        `takeAlong: x ${show(x.shape)} and index ${show(index.shape)} must have axes, and agree in all but the last`,
        { x: x.shape, index: index.shape },
      );
    }
    return { dtype: x.dtype, shape: index.shape };
  },
  gradient: ({ inputs: [x, index], upstream }) => [
    () => scatterAlong(index, upstream, x.shape[x.rank - 1]!),
    undefined,
  ],
};

/**
 * Elements of each row by their index, y[…, i] = x[…, index[…, i]]: x […, n], index i32 […, m] → […, m], as log-probabilities [b, t, v] at
 * targets [b, t, 1] → [b, t, 1]. Any dtype. Indices are not checked here: each must be from 0 to n − 1. Throws `DTypeError` for an index
 * that is not i32 and `ShapeError` where another axis than the last differs.
 *
 * Gradient: upstream, added up at each index by {@link scatterAlong}; none to the index.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);
 * console.log(await takeAlong(x, tensor([2, 0], [2, 1], on, "i32")).read()); // Float32Array(2) [ 3, 4 ]
 * ```
 */
export function takeAlong(x: Tensor, index: Tensor): Tensor {
  return apply(takeAlongOp, [x, index], none);
}

export const scatterAlongOp: Primitive<[index: Tensor, updates: Tensor], { size: number }> = {
  kind: "primitive",
  name: "scatterAlong",
  saves: "inputs",
  infer: ([index, updates], { size }) => {
    expectDType("scatterAlong", index, "i32", "the index");
    expectNumber("scatterAlong", updates, "updates");
    if (index.shape.length === 0 || !sameShape(index.shape, updates.shape)) {
      throw new ShapeError(
        `scatterAlong: index ${show(index.shape)} and updates ${show(updates.shape)} must have axes, and agree`,
        { index: index.shape, updates: updates.shape },
      );
    }
    checkShape([size]);
    return { dtype: updates.dtype, shape: [...updates.shape.slice(0, -1), size] };
  },
  gradient: ({ inputs: [index], upstream }) => [undefined, () => takeAlong(upstream, index)],
};

/**
 * Rows of zeros, `size` long, to which updates are added at their index, y[…, index[…, i]] += updates[…, i]: index i32 […, m], updates
 * […, m] → […, size]. f32, f16, bf16 or i32. Indices are not checked here: each must be from 0 to size − 1. Throws `DTypeError` for another
 * dtype and an index that is not i32, and `ShapeError` where their shapes differ.
 *
 * Gradient: upstream at each index, as {@link takeAlong} takes it, to the updates; none to the index.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const index = tensor([2, 0, 2], [1, 3], on, "i32");
 * console.log(await scatterAlong(index, tensor([1, 2, 4], [1, 3], on), 4).read()); // Float32Array(4) [ 2, 0, 5, 0 ]
 * ```
 */
export function scatterAlong(index: Tensor, updates: Tensor, size: number): Tensor {
  return apply(scatterAlongOp, [index, updates], { size });
}
