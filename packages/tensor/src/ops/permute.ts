import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { show } from "../shape.ts";
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

/** The axes in another order: axis i of the result is axis order[i] of x. @example `permute(x, [0, 2, 1, 3])` splits heads: [b, t, h, k] → [b, h, t, k]. */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  return apply(permuteOp, [x], { order });
}
/** The last two axes swapped. Throws `ShapeError` when there are fewer than two. @example `transpose(x)` */
export function transpose(x: Tensor): Tensor {
  if (x.rank < 2)
    throw new ShapeError(`transpose swaps the last two axes, and ${show(x.shape)} has ${x.rank}; reshape() it first`, {
      shape: x.shape,
    });
  const order = x.shape.map((_, i) => i);
  return permute(x, [...order.slice(0, -2), x.rank - 1, x.rank - 2]);
}
