import { Dropout, expectPositive, expectSize, Module, ones, Parameter, type Norm } from "@tenon/nn";
import { add, mul, type Tensor } from "@tenon/tensor";

import type { ResidualOptions, Sublayer } from "./residual.ts";

/** What a {@link LayerScale} is made from. */
export interface LayerScaleOptions extends ResidualOptions {
  /** Width d of the stream. */
  readonly width: number;
  /** What λ begins at. The paper takes 0.1 up to 18 layers, 1e-5 up to 24 and 1e-6 beyond. Default 1e-5. */
  readonly initial?: number | undefined;
}

/**
 * Pre-norm with a learned weight for each channel of what is added: x + λ ∘ dropout(sublayer(norm(x))), where λ [d] begins at a small
 * constant. A deep stack begins near the identity, and each channel lets its sublayers in at its own pace.
 *
 * Tap: `added` [b, t, d], what is added to the stream, λ included.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1), a width that is no whole number from 1 up, or an initial value that is no finite
 * number above 0.
 *
 * Touvron et al. 2021, "Going deeper with image transformers" (CaiT).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const residual = await new LayerScale({ norm: new LayerNorm(4), width: 4, initial: 0.1 }).to(on);
 * const y = residual.forward(zeros([1, 2, 4], on), (x) => relu(x)); // [1, 2, 4]
 * ```
 */
export class LayerScale extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly norm: Norm;
  readonly scale: Parameter;
  readonly dropout: Dropout;

  constructor({ norm, width, initial = 1e-5, dropout = 0 }: LayerScaleOptions) {
    super();
    expectSize("LayerScale", "width", width);
    expectPositive("LayerScale", "initial", initial);
    this.norm = norm;
    this.scale = new Parameter([width], (shape) => ones(shape).fill(initial));
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    const given = this.dropout.forward(sublayer(this.norm.forward(x)));
    return add(x, this.tap("added", mul(this.scale.value, given)));
  }
}
