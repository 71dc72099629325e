import { apply, type Composite } from "../op.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { linear, linearFlops, linearType, type LinearInputs } from "./linear.ts";
import { activate, expectActivation, type NamedActivation } from "./named-activation.ts";

/**
 * A linear map and an activation in one op, which a backend can do in one pass. It has no rule: differentiated as the two ops that it means,
 * it keeps what their gradients need and no more.
 */
export const linearActivationOp: Composite<LinearInputs, { activation: NamedActivation }> = {
  kind: "composite",
  name: "linearActivation",
  infer: (types, { activation }) => {
    expectActivation("linearActivation", activation);
    return linearType("linearActivation", types);
  },
  compose: ([x, weight, bias], { activation }) => activate(activation, linear(x, weight, bias)),
  flops: (types, y) => linearFlops(types, y) + sizeOf(y.shape),
};

/**
 * A linear map of the last axis and an activation after it, y = activation(x Wᵀ + bias), in one pass where a backend has a kernel for it:
 * x […, in], weight [out, in], bias [out] or undefined → […, out]. Dtypes as for {@link linear}. In a file of its own, so that a page with
 * `linear` alone does not pay for every activation.
 *
 * Throws `ShapeError` where sizes differ, `DTypeError` for other dtypes and `ConfigError` for an activation that there is not.
 *
 * Gradient: that of the activation, and then those of `linear`; the tape keeps what these two read.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 2, 3], [1, 3], on);
 * const weight = tensor([1, 0, 0, 0, -1, -1], [2, 3], on);
 * console.log(await linearActivation(x, weight, undefined, "relu").read()); // Float32Array(2) [ 1, 0 ]
 * ```
 */
export function linearActivation(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  activation: NamedActivation,
): Tensor {
  return apply(linearActivationOp, [x, weight, bias], { activation });
}
