import { Dropout, Module, type Norm } from "@tenon/nn";
import { add, type Tensor } from "@tenon/tensor";

import type { ConnectionOptions, Sublayer } from "./residual.ts";

/** What a {@link SandwichNorm} is made from. */
export interface SandwichNormOptions extends ConnectionOptions {
  /** Normalises what the sublayer sees. */
  readonly before: Norm;
  /** Normalises what the sublayer gives, before it is added. */
  readonly after: Norm;
}

/**
 * Normalises on both sides of each sublayer and leaves the stream itself alone: x + dropout(after(sublayer(before(x)))). However large the
 * sublayer's values grow, the second norm bounds what is added, which keeps training in half precision from overflowing. Gemma 2 does
 * this, with `RMSNorm`. Like a pre-norm stack it ends with a norm of its own.
 *
 * Tap: `added` [b, t, d], what is added to the stream.
 *
 * Throws `ConfigError` for a dropout rate outside [0, 1).
 *
 * Ding et al. 2021, "CogView: mastering text-to-image generation via transformers", section 2.4 ("sandwich LN").
 *
 * @example
 * ```ts
 * const on = cpu();
 * const residual = await new SandwichNorm({ before: new RMSNorm(4), after: new RMSNorm(4) }).to(on);
 * const y = residual.forward(zeros([1, 2, 4], on), (x) => relu(x)); // [1, 2, 4]
 * ```
 */
export class SandwichNorm extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly before: Norm;
  readonly after: Norm;
  readonly dropout: Dropout;

  constructor({ before, after, dropout = 0 }: SandwichNormOptions) {
    super();
    this.before = before;
    this.after = after;
    this.dropout = new Dropout(dropout);
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    const given = this.after.forward(sublayer(this.before.forward(x)));
    return add(x, this.tap("added", this.dropout.forward(given)));
  }
}
