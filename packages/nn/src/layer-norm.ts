import { add, addLayerNorm, layerNorm, mul, type Tensor } from "@tenon/tensor";

import { expectPositive, expectSize } from "./check-options.ts";
import { ones, zeros } from "./initial/initial.ts";
import { Module } from "./module.ts";
import { centred, inverseRoot, normed } from "./norm-scale.ts";
import { Parameter } from "./parameter.ts";
import type { SumNorm } from "./sum-norm.ts";

/** How a {@link LayerNorm} differs from the usual. */
export interface LayerNormOptions {
  /** Added to the variance, so that a constant row divides by no zero. Default 1e-5. */
  readonly epsilon?: number | undefined;
  /** Is a bias added? Default true. */
  readonly bias?: boolean | undefined;
}

/**
 * Layer normalisation: y = (x − mean x) / √(var x + ε) · weight + bias over the last axis, x […, d] → […, d]. Begins with
 * weight 1 and bias 0. With a residual […, d], of x + residual in place of x.
 *
 * Tap: `scale` […, 1], the 1 / √(var x + ε) that the centred x is multiplied by. Put one that was traced in its place, and the norm is
 * frozen: it does nothing but what is linear in x. Computed step by step only when somebody looks.
 *
 * Throws `ConfigError` for a width that is no whole number from 1 up or an epsilon that is not above 0; `forward` throws
 * `ShapeError` when x does not end with the width, or a residual is not of its shape.
 *
 * Ba, Kiros and Hinton 2016, "Layer normalization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const norm = await new LayerNorm(4).to(on);
 * const y = norm.forward(tensor([1, 2, 3, 4], [1, 4], on)); // mean 0, variance 1
 * ```
 */
export class LayerNorm extends Module<[x: Tensor, residual?: Tensor], Tensor> implements SumNorm {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly epsilon: number;

  constructor(width: number, { epsilon = 1e-5, bias = true }: LayerNormOptions = {}) {
    super();
    expectSize("LayerNorm", "width", width);
    expectPositive("LayerNorm", "epsilon", epsilon);
    this.weight = new Parameter([width], ones);
    this.bias = bias ? new Parameter([width], zeros) : undefined;
    this.epsilon = epsilon;
  }

  /** Yes, unless a subclass or a patch computes something else, which may know nothing of a residual. */
  get takesResidual(): boolean {
    return this.compute === LayerNorm.prototype.compute;
  }

  protected override compute(x: Tensor, residual?: Tensor): Tensor {
    const [weight, bias] = [this.weight.value, this.bias?.value];
    if (this.tapped("scale")) {
      const middle = centred(normed("LayerNorm", weight.shape[0]!, x, residual));
      const y = mul(mul(middle, this.tap("scale", inverseRoot(middle, this.epsilon))), weight);
      return bias === undefined ? y : add(y, bias);
    }
    return residual === undefined
      ? layerNorm(x, weight, bias, this.epsilon)
      : addLayerNorm(x, residual, weight, bias, this.epsilon);
  }
}
