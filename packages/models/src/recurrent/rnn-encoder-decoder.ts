import { GRU } from "@tenon/blocks";
import { TokenEmbedding } from "@tenon/embeddings";
import { Linear } from "@tenon/nn";
import { tanh, type Random, type Tensor } from "@tenon/tensor";

import type { RnnEncoderDecoderSpec } from "./recurrent-spec.ts";
import type { RecurrentReading } from "./recurrent-cache.ts";
import { RecurrentDecoder } from "./recurrent-decoder.ts";
import { RecurrentTranslator } from "./recurrent-translator.ts";

/**
 * The RNN encoder–decoder: a gated recurrent unit reads the source into one vector, c = tanh(V h), with h its last state, and another says the target from
 * it: its state begins as tanh(V′ c), and it is told c at every step. Source ids i32 [b, s] and target ids i32 [b, t] → logits [b, t, v]. Assembled
 * from an {@link RnnEncoderDecoderSpec} by `assemble`.
 *
 * c acts on the candidate beside the token, as Bahdanau et al. 2014 write this model (appendix A.2.2); in the first paper's appendix the decoder's reset gate
 * weighs it, too.
 *
 * Taps: `decoder.final` [b, t, l], what the output is made from; of `encoder.cell` and `decoder.cell` those of `GRUCell`, once for each token.
 *
 * `forward` throws `ShapeError` when ids are not [b, s] and [b, t] with the same b, and what `GRU` throws for lengths.
 *
 * Cho et al. 2014, "Learning phrase representations using RNN encoder–decoder for statistical machine translation".
 *
 * @example
 * ```ts
 * const sizes = { sourceVocabulary: 20, vocabulary: 30, width: 6, hidden: 8 };
 * const model = await assemble(rnnEncoderDecoder(sizes)).to(cpu());
 * const source = ids([3, 1, 4], [1, 3], model.backend, { limit: 20 });
 * const target = ids([1, 5], [1, 2], model.backend, { limit: 30 });
 * console.log(model.forward(source, target).shape); // [ 1, 2, 30 ]
 * ```
 */
export class RnnEncoderDecoder extends RecurrentTranslator {
  readonly tokens: TokenEmbedding;
  readonly encoder: GRU;
  /** V */
  readonly summary: Linear;
  /** V′ */
  readonly begin: Linear;
  readonly decoder: RecurrentDecoder;
  readonly attention: undefined = undefined;

  readonly #spec: RnnEncoderDecoderSpec;

  /** From a checked spec; use `assemble`. */
  constructor(spec: RnnEncoderDecoderSpec, random: Random) {
    super();
    const { sourceVocabulary, vocabulary, width, hidden, readout, reset } = spec;
    this.#spec = spec;
    this.tokens = new TokenEmbedding({ vocabulary: sourceVocabulary, width, random: random.fork("tokens") });
    this.encoder = new GRU({ input: width, hidden, reset, random: random.fork("encoder") });
    this.summary = new Linear({ input: hidden, output: hidden, random: random.fork("summary") });
    this.begin = new Linear({ input: hidden, output: hidden, random: random.fork("begin") });
    this.decoder = new RecurrentDecoder({
      ...{ vocabulary, width, hidden, readout, reset },
      context: hidden,
      random: random.fork("decoder"),
    });
  }

  /** The architecture, every default filled in. Its vocabularies are those of now, when they were resized. */
  get spec(): RnnEncoderDecoderSpec {
    return { ...this.#spec, sourceVocabulary: this.sourceVocabulary, vocabulary: this.vocabulary };
  }
  override get sourceVocabulary(): number {
    return this.tokens.vocabulary;
  }

  override read(source: Tensor, lengths: Tensor | undefined): RecurrentReading {
    const { state } = this.encoder.forward(this.tokens.forward(source), { lengths });
    const context = tanh(this.summary.forward(state)); // [b, n]
    return { context, begin: tanh(this.begin.forward(context)) };
  }

  override look({ context }: RecurrentReading): (state: Tensor) => Tensor {
    return () => context!;
  }
}
