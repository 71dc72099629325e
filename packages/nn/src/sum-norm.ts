import type { Tensor } from "@tenon/tensor";

import { Module } from "./module.ts";
import type { Norm } from "./norm.ts";

/**
 * A norm that may also be given what is to be added first: `forward(x, residual)` is `forward(add(x, residual))`, for two tensors […, d] of
 * one shape, in one op where that is faster. `LayerNorm` and `RMSNorm` are two. A norm of your own need not be one; ask with {@link isSumNorm}.
 *
 * @example
 * ```ts
 * class Plain extends Module<[x: Tensor, residual?: Tensor], Tensor> implements SumNorm {
 *   readonly takesResidual = true;
 *   readonly weight = new Parameter([2], ones);
 *   protected override compute(x: Tensor, residual?: Tensor): Tensor {
 *     return residual === undefined ? rmsNorm(x, this.weight.value) : addRmsNorm(x, residual, this.weight.value);
 *   }
 * }
 * console.log(isSumNorm(new Plain())); // true
 * ```
 */
export interface SumNorm extends Module<[x: Tensor, residual?: Tensor], Tensor> {
  /** Does `compute` heed a residual? A class that others may extend says no where `compute` is not its own. */
  readonly takesResidual: boolean;
}

/**
 * Does the norm take a residual beside x? If not, whoever has two tensors adds them first: a norm that knows nothing of a second argument
 * would ignore it. A norm whose `forward` was replaced, to look at what it is given or to change it, goes on being called with the sum.
 *
 * @example
 * ```ts
 * class Halved extends Module<[x: Tensor], Tensor> {
 *   protected override compute(x: Tensor): Tensor {
 *     return mul(x, 0.5);
 *   }
 * }
 * console.log(isSumNorm(new LayerNorm(4)), isSumNorm(new Halved())); // true false
 * ```
 */
export function isSumNorm(norm: Norm): norm is SumNorm {
  return "takesResidual" in norm && norm.takesResidual === true && norm.forward === Module.prototype.forward;
}
