import { Dropout, Module, type Norm } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import { normOfSum } from "./norm-of-sum.ts";
import type { ResidualOptions, Sublayer } from "./residual.ts";

/**
 * Normalises the stream after each sublayer: norm(x + dropout(sublayer(x))). The first transformers and BERT do this; deep stacks
 * of it need warm-up. A norm that is a `SumNorm`, as `LayerNorm` and `RMSNorm` are, gets both to add in one op.
 *
 * Tap: `added` [b, t, d], what the sublayer adds to the stream before it is normalised.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1).
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.1.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const residual = await new PostNorm({ norm: new LayerNorm(4), dropout: 0.1 }).to(on);
 * const y = residual.forward(zeros([1, 2, 4], on), (x) => relu(x)); // [1, 2, 4]
 * ```
 */
export class PostNorm extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly norm: Norm;
  readonly dropout: Dropout;

  constructor({ norm, dropout = 0 }: ResidualOptions) {
    super();
    this.norm = norm;
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    return normOfSum(this.norm, x, this.tap("added", this.dropout.forward(sublayer(x))));
  }
}
