import { Dropout, Module, type Norm } from "@tenon/nn";
import { add, type Tensor } from "@tenon/tensor";

import type { ResidualOptions, Sublayer } from "./residual.ts";

/**
 * Normalises what the sublayer sees and leaves the stream itself alone: x + dropout(sublayer(norm(x))). Deep stacks train without
 * warm-up; they end with a norm of their own. GPT-2 and Llama do this.
 *
 * Tap: `added` [b, t, d], what the sublayer adds to the stream.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1).
 *
 * Xiong et al. 2020, "On layer normalization in the transformer architecture".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const residual = await new PreNorm({ norm: new LayerNorm(4), dropout: 0.1 }).to(on);
 * const y = residual.forward(zeros([1, 2, 4], on), (x) => relu(x)); // [1, 2, 4]
 * ```
 */
export class PreNorm extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly norm: Norm;
  readonly dropout: Dropout;

  constructor({ norm, dropout = 0 }: ResidualOptions) {
    super();
    this.norm = norm;
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    return add(x, this.tap("added", this.dropout.forward(sublayer(this.norm.forward(x)))));
  }
}
