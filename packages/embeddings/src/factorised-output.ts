import { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { FactorisedEmbeddingOptions } from "./factorised-embedding.ts";
import { TiedOutput, type TiedOutputOptions } from "./tied-output.ts";
import { TransposedLinear } from "./transposed-linear.ts";

/** How a {@link FactorisedOutput} differs from the usual. */
export interface FactorisedOutputOptions extends TiedOutputOptions {
  /**
   * Makes x narrow again: [b, t, d] → [b, t, e]. Default: the embedding's own map, transposed. ALBERT has layers of its own here (a
   * dense one, an activation, a norm), OPT-350m a `Linear` without a bias.
   */
  readonly down?: Module<[x: Tensor], Tensor> | undefined;
}

/**
 * Logits of a factorised embedding: down(x) tableᵀ (+ bias), x [b, t, d] → [b, t, e] → [b, t, v]. The table is the embedding's own [v, e], and
 * unless told otherwise so is the way down, its map transposed: then there are no new numbers to learn but the bias.
 *
 * Takes whatever has `tokens` with a table and a `map`: a `FactorisedEmbedding`, or `{ tokens, map }` with those that an `InputEmbedding` was
 * made from. `forward` throws `ShapeError` when x does not end with d.
 *
 * Lan et al. 2019, "ALBERT: a lite BERT for self-supervised learning of language representations"; the map is shared as in Baevski and
 * Auli 2018, "Adaptive input representations for neural language modeling".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const embedding = await new FactorisedEmbedding({
 *   tokens: new TokenEmbedding({ vocabulary: 100, width: 4, random: random(1).fork("tokens") }),
 *   map: new Linear({ input: 4, output: 16, random: random(1).fork("map") }),
 * }).to(on);
 * console.log(new FactorisedOutput(embedding).forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 100 ]
 * ```
 */
export class FactorisedOutput extends Module<[x: Tensor], Tensor> {
  readonly down: Module<[x: Tensor], Tensor>;
  readonly output: TiedOutput;

  constructor({ tokens, map }: FactorisedEmbeddingOptions, { down, bias }: FactorisedOutputOptions = {}) {
    super();
    this.down = down ?? new TransposedLinear(map);
    this.output = new TiedOutput(tokens, { bias });
  }

  protected override compute(x: Tensor): Tensor {
    return this.output.forward(this.down.forward(x));
  }
}
