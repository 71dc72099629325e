import { apply, none, type None, type View } from "../op.ts";
import type { Tensor } from "../tensor.ts";

export const stopGradientOp: View<[x: Tensor], None> = {
  kind: "view",
  name: "stopGradient",
  infer: ([x]) => x,
  gradient: null,
};

/**
 * x itself, in its shape and dtype, as a constant to differentiation. A view that copies nothing. Any dtype.
 *
 * Gradient: none; what led to x gets nothing from here.
 *
 * @example
 * ```ts
 * const x = Variable.holding(tensor([3], [1], cpu()));
 * const { gradients } = differentiate([x], () => sum(mul(x.value, stopGradient(x.value))));
 * console.log(await gradients[0]!.read()); // Float32Array(1) [ 3 ]
 * ```
 */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopGradientOp, [x], none);
}
