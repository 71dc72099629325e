import { Module, type Parameter } from "@tenon/nn";
import { ConfigError, type Tensor } from "@tenon/tensor";

/** What a {@link FactorisedEmbedding} is made from. */
export interface FactorisedEmbeddingOptions {
  /** Narrow vectors of the tokens, with a table [v, e]: ids i32 [b, t] → [b, t, e]. */
  readonly tokens: Module<[ids: Tensor], Tensor> & { readonly table: Parameter };
  /** Makes them wide: [b, t, e] → [b, t, d], with a weight [d, e]. A `Linear`. */
  readonly map: Module<[x: Tensor], Tensor> & { readonly weight: Parameter };
}

/**
 * Token vectors through a bottleneck: map(tokens(ids)), ids i32 [b, t] → [b, t, d], with v·e + e·d numbers in place of v·d. What a token
 * means apart from its context takes fewer numbers than what a layer knows in context, and e ≪ d says so.
 *
 * Here the map comes right after the tokens, as in OPT-350m. ALBERT adds positions and segments and norms the sum while it is narrow:
 * that is an `InputEmbedding` of width e with a `map`.
 *
 * Throws `ConfigError` when the map does not take vectors of the tokens' width.
 *
 * Lan et al. 2019, "ALBERT: a lite BERT for self-supervised learning of language representations", section 3.1.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const embedding = await new FactorisedEmbedding({
 *   tokens: new TokenEmbedding({ vocabulary: 100, width: 4, random: random(1).fork("tokens") }),
 *   map: new Linear({ input: 4, output: 16, random: random(1).fork("map") }),
 * }).to(on);
 * console.log(embedding.forward(ids([3, 1, 4], [1, 3], on, { limit: 100 })).shape); // [ 1, 3, 16 ]
 * ```
 */
export class FactorisedEmbedding extends Module<[ids: Tensor], Tensor> {
  readonly tokens: FactorisedEmbeddingOptions["tokens"];
  readonly map: FactorisedEmbeddingOptions["map"];

  constructor({ tokens, map }: FactorisedEmbeddingOptions) {
    super();
    const [narrow, input] = [tokens.table.type.shape[1], map.weight.type.shape[1]];
    if (narrow !== input) {
      throw new ConfigError(
        `FactorisedEmbedding: the tokens' vectors have width ${narrow}, and the map takes ${input}; give both the same`,
        { tokens: narrow, map: input },
      );
    }
    this.tokens = tokens;
    this.map = map;
  }

  protected override compute(ids: Tensor): Tensor {
    return this.map.forward(this.tokens.forward(ids));
  }
}
