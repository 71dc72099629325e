import { Dropout, expectPositive, Module, type Norm } from "@tenon/nn";
import { mul, type Tensor } from "@tenon/tensor";

import { normOfSum } from "./norm-of-sum.ts";
import type { ResidualOptions, Sublayer } from "./residual.ts";

/** What a {@link DeepNorm} is made from. */
export interface DeepNormOptions extends ResidualOptions {
  /** α, what the stream is multiplied with before the sum; `deepNormConstants` gives it for a depth. */
  readonly alpha: number;
}

/**
 * Post-norm with a weightier stream: norm(α x + dropout(sublayer(x))). Together with smaller initial weights, Xavier's times β, it bounds how
 * far one step of training moves the model whatever its depth, so that 1,000 layers train with the norm after the sum.
 * `deepNormConstants` gives α and β, `deepNormScheme` those weights. A norm that is a `SumNorm` gets both to add in one op.
 *
 * Tap: `added` [b, t, d], what the sublayer adds to the stream before it is normalised.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1), or an α that is no finite number above 0.
 *
 * Wang et al. 2022, "DeepNet: scaling transformers to 1,000 layers".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const { alpha } = deepNormConstants({ decoder: 8 }).decoder; // 2
 * const residual = await new DeepNorm({ norm: new LayerNorm(4), alpha }).to(on);
 * const y = residual.forward(zeros([1, 2, 4], on), (x) => relu(x)); // [1, 2, 4]
 * ```
 */
export class DeepNorm extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly norm: Norm;
  readonly alpha: number;
  readonly dropout: Dropout;

  constructor({ norm, alpha, dropout = 0 }: DeepNormOptions) {
    super();
    expectPositive("DeepNorm", "alpha", alpha);
    this.norm = norm;
    this.alpha = alpha;
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    const added = this.tap("added", this.dropout.forward(sublayer(x)));
    return normOfSum(this.norm, mul(x, this.alpha), added);
  }
}
