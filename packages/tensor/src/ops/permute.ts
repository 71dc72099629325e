import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { axisOf, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

export const permuteOp: Primitive<[x: Tensor], { order: readonly number[] }> = {
  kind: "primitive",
  name: "permute",
  saves: "none",
  infer: ([x], { order }) => {
    const rank = x.shape.length;
    if (order.length !== rank || x.shape.some((_, axis) => !order.includes(axis))) {
      throw new ShapeError(
        `permute: order ${show(order)} must name each axis of ${show(x.shape)} once, counted from 0`,
        { order, shape: x.shape },
      );
    }
    return { dtype: x.dtype, shape: order.map((axis) => x.shape[axis]!) };
  },
  gradient: ({ upstream, attrs: { order } }) => [
    () =>
      permute(
        upstream,
        order.map((_, i) => order.indexOf(i)),
      ),
  ],
};

/**
 * The axes in another order: axis i of the result is axis order[i] of x, as in [b, t, h, k] → [b, h, t, k]. Any dtype. Throws
 * `ShapeError` unless the order names each axis once, counted from 0.
 *
 * Gradient: the upstream gradient, its axes put back.
 *
 * @example
 * ```ts
 * const x = zeros([2, 5, 4, 8], cpu());
 * console.log(permute(x, [0, 2, 1, 3]).shape); // [ 2, 4, 5, 8 ]
 * ```
 */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  return apply(permuteOp, [x], { order });
}
/**
 * Two axes swapped, the last two unless told otherwise: [b, t, d] → [b, d, t]. Any dtype. Throws `ShapeError` when x has fewer than
 * two axes, or not these.
 *
 * Gradient: the upstream gradient, its axes swapped back.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());
 * console.log(await transpose(x).read()); // Float32Array(6) [ 1, 4, 2, 5, 3, 6 ]
 * console.log(transpose(zeros([2, 5, 4, 8], cpu()), 1, 2).shape); // [ 2, 4, 5, 8 ]
 * ```
 */
export function transpose(x: Tensor, a = -2, b = -1): Tensor {
  if (x.rank < 2)
    throw new ShapeError(`transpose swaps two axes, and ${show(x.shape)} has ${x.rank}; reshape() it first`, {
      shape: x.shape,
    });
  const [first, second] = [axisOf(a, x.rank, "transpose"), axisOf(b, x.rank, "transpose")];
  return permute(
    x,
    x.shape.map((_, axis) => (axis === first ? second : axis === second ? first : axis)),
  );
}
