import { expectSize, Module, normal, Parameter, rowsOf, type Initialiser, type QuantizablePart } from "@tenon/nn";
import type { Random, Tensor } from "@tenon/tensor";

import type { VocabularyPart } from "./vocabulary-part.ts";

/** What a {@link TokenEmbedding} is made from. */
export interface TokenEmbeddingOptions {
  /** How many tokens there are: ids run from 0 to vocabulary − 1. */
  readonly vocabulary: number;
  /** Width d of a token's vector. */
  readonly width: number;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the table begins. Default normal with deviation 0.02, as GPT-2 and BERT do. */
  readonly initial?: Initialiser | undefined;
}

/**
 * A trained vector for each token: ids i32 [b, t] → [b, t, d], y[b, t] = table[ids[b, t]], with the table [v, d].
 *
 * Throws `ConfigError` unless vocabulary and width are whole numbers from 1 up; `forward` throws `DTypeError` for ids that are not
 * i32. Make ids with `ids()`, which checks their range.
 *
 * Bengio et al. 2003, "A neural probabilistic language model".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const tokens = await new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1) }).to(on);
 * console.log(tokens.forward(ids([3, 1, 4], [1, 3], on, { limit: 100 })).shape); // [ 1, 3, 16 ]
 * ```
 */
export class TokenEmbedding extends Module<[ids: Tensor], Tensor> implements VocabularyPart, QuantizablePart {
  readonly table: Parameter;
  readonly width: number;

  constructor({ vocabulary, width, random, initial = (random) => normal(random, 0.02) }: TokenEmbeddingOptions) {
    super();
    expectSize("TokenEmbedding", "vocabulary", vocabulary);
    expectSize("TokenEmbedding", "width", width);
    this.table = new Parameter([vocabulary, width], initial(random.fork("table")));
    this.width = width;
  }

  /** v: how many tokens there are now. */
  get vocabulary(): number {
    return this.table.type.shape[0]!;
  }
  get perToken(): readonly Parameter[] {
    return [this.table];
  }

  get matrices(): readonly Parameter[] {
    return [this.table];
  }

  protected override compute(ids: Tensor): Tensor {
    return rowsOf(this.table, ids);
  }
}
