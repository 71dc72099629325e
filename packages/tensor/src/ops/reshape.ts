import { apply, type View } from "../op.ts";
import { ShapeError } from "../errors.ts";
import { checkShape, show, sizeOf, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

export const reshapeOp: View<[x: Tensor], { shape: Shape }> = {
  kind: "view",
  name: "reshape",
  saves: "none",
  infer: ([x], { shape }) => {
    checkShape(shape);
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(
        `reshape: ${show(x.shape)} has ${sizeOf(x.shape)} elements, ${show(shape)} has ${sizeOf(shape)}`,
        { from: x.shape, to: shape },
      );
    }
    return { dtype: x.dtype, shape };
  },
  gradient: ({ inputs: [x], upstream }) => [() => reshape(upstream, x.shape)],
};

/**
 * The same elements in the same order under another shape, as [b, t, d] → [b, t, h, k] with d = h · k. A view that copies nothing. Any
 * dtype. Throws `ShapeError` when the new shape has another size.
 *
 * Gradient: upstream in the shape of x.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4, 5, 6], [6], cpu());
 * console.log(reshape(x, [2, 3]).shape, await reshape(x, [2, 3]).read()); // [ 2, 3 ] Float32Array(6) [ 1, 2, 3, 4, 5, 6 ]
 * ```
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return apply(reshapeOp, [x], { shape });
}
