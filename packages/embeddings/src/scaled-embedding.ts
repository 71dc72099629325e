import { expectPositive, Module } from "@tenon/nn";
import { mul, type Tensor } from "@tenon/tensor";

/** How a {@link ScaledEmbedding} differs from the usual. */
export interface ScaledEmbeddingOptions {
  /** What the vectors are multiplied by. Default √d; Granite's embedding multiplier, for one, is a number of its own. */
  readonly scale?: number | undefined;
}

/**
 * Token vectors, multiplied: tokens(ids) · √d, ids i32 [b, t] → [b, t, d]. A table that is shared with the output layer begins with
 * small numbers there; so scaled, its vectors are not drowned by the positions that are added to them. To tie the output, give it what is
 * inside: `new TiedOutput(scaled.tokens)`.
 *
 * Throws `ConfigError` unless the scale is a finite number above 0.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.4; Gemma does the same.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const tokens = new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1) });
 * const scaled = await new ScaledEmbedding(tokens).to(on);
 * const chosen = ids([3], [1, 1], on, { limit: 100 });
 * const [before, after] = [await tokens.forward(chosen).read(), await scaled.forward(chosen).read()];
 * console.log(after[0]! / before[0]!); // 4
 * ```
 */
export class ScaledEmbedding<Tokens extends Module<[ids: Tensor], Tensor>> extends Module<[ids: Tensor], Tensor> {
  readonly tokens: Tokens;
  readonly scale: number | undefined;

  constructor(tokens: Tokens, { scale }: ScaledEmbeddingOptions = {}) {
    super();
    if (scale !== undefined) expectPositive("ScaledEmbedding", "scale", scale);
    this.tokens = tokens;
    this.scale = scale;
  }

  protected override compute(ids: Tensor): Tensor {
    const x = this.tokens.forward(ids);
    return mul(x, this.scale ?? Math.sqrt(x.shape.at(-1)!));
  }
}
