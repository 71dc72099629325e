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
 * The same elements in the same order under another shape. Copies nothing. Throws `ShapeError` when the sizes differ.
 *
 * @example
 * ```ts
 * reshape(tensor([1, 2, 3, 4, 5, 6], [6], cpu()), [2, 3]); // [[1, 2, 3], [4, 5, 6]]
 * ```
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  return apply(reshapeOp, [x], { shape });
}
