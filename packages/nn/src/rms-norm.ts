import { add, addRmsNorm, mul, rmsNorm, type Tensor } from "@tenon/tensor";

import { expectPositive, expectSize } from "./check-options.ts";
import { ones, zeros } from "./initial/initial.ts";
import { Module } from "./module.ts";
import { inverseRoot, normed } from "./norm-scale.ts";
import { Parameter } from "./parameter.ts";
import type { SumNorm } from "./sum-norm.ts";

/** How an {@link RMSNorm} differs from the usual. */
export interface RMSNormOptions {
  /** Added to the mean square, so that a row of zeros divides by no zero. Default 1e-6. */
  readonly epsilon?: number | undefined;
  /** Does the weight begin at 0, and 1 + weight multiply, as in Gemma? Weight decay then draws towards 1. Default false. */
  readonly unitOffset?: boolean | undefined;
}

/**
 * Root-mean-square normalisation: y = x / √(mean x² + ε) · weight over the last axis, x […, d] → […, d]. Begins with weight 1.
 * Unlike `LayerNorm` it keeps the mean and has no bias; Llama uses it. With a residual […, d], of x + residual in place of x.
 * With `unitOffset`, x / √(mean x² + ε) · (1 + weight), and the weight begins with 0.
 *
 * Tap: `scale` […, 1], the 1 / √(mean x² + ε) that x is multiplied by. Put one that was traced in its place, and the norm is frozen: it
 * is linear in x. Computed step by step only when somebody looks.
 *
 * Throws `ConfigError` for a width that is no whole number from 1 up or an epsilon that is not above 0; `forward` throws
 * `ShapeError` when x does not end with the width, or a residual is not of its shape.
 *
 * Zhang and Sennrich 2019, "Root mean square layer normalization". The offset: Gemma Team 2024, "Gemma: open models based on Gemini
 * research and technology", in its code.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const norm = await new RMSNorm(2).to(on);
 * const y = norm.forward(tensor([3, 4], [1, 2], on)); // mean square 1
 * ```
 */
export class RMSNorm extends Module<[x: Tensor, residual?: Tensor], Tensor> implements SumNorm {
  readonly weight: Parameter;
  readonly epsilon: number;
  readonly unitOffset: boolean;

  constructor(width: number, { epsilon = 1e-6, unitOffset = false }: RMSNormOptions = {}) {
    super();
    expectSize("RMSNorm", "width", width);
    expectPositive("RMSNorm", "epsilon", epsilon);
    this.weight = new Parameter([width], unitOffset ? zeros : ones);
    this.epsilon = epsilon;
    this.unitOffset = unitOffset;
  }

  /** Yes, unless a subclass or a patch computes something else, which may know nothing of a residual. */
  get takesResidual(): boolean {
    return this.compute === RMSNorm.prototype.compute;
  }

  protected override compute(x: Tensor, residual?: Tensor): Tensor {
    const weight = this.unitOffset ? add(this.weight.value, 1) : this.weight.value;
    if (this.tapped("scale")) {
      const sum = normed("RMSNorm", weight.shape[0]!, x, residual);
      return mul(mul(sum, this.tap("scale", inverseRoot(sum, this.epsilon))), weight);
    }
    return residual === undefined ? rmsNorm(x, weight, this.epsilon) : addRmsNorm(x, residual, weight, this.epsilon);
  }
}
