import { AdditiveAttention, padding } from "@tenon/attention";
import { BidirectionalGRU } from "@tenon/blocks";
import { TokenEmbedding } from "@tenon/embeddings";
import { Linear } from "@tenon/nn";
import { reshape, tanh, type Random, type Tensor } from "@tenon/tensor";

import type { RnnSearchSpec } from "./recurrent-spec.ts";
import type { RecurrentReading } from "./recurrent-cache.ts";
import { RecurrentDecoder } from "./recurrent-decoder.ts";
import { RecurrentTranslator } from "./recurrent-translator.ts";

/**
 * RNNsearch, the first model with attention: two gated recurrent units annotate each token of the source from both sides, hⱼ = [h⃗ⱼ; h⃖ⱼ], and the decoder,
 * a third, looks before each token of the target for what it needs: cᵢ = Σⱼ αᵢⱼ hⱼ with αᵢ = softmaxⱼ(vᵀ tanh(W sᵢ₋₁ + U hⱼ)). Its state begins as
 * tanh(Wₛ h⃖₁). Source ids i32 [b, s] and target ids i32 [b, t] → logits [b, t, v]. Assembled from an {@link RnnSearchSpec} by `assemble`.
 *
 * Taps: `decoder.final` [b, t, l], what the output is made from; `attention.scores` and `attention.pattern`, the alignment αᵢ as [b, 1, 1, s], once for each token of the target; of
 * `encoder.forwards`, `encoder.backwards` and `decoder.cell` those of `GRUCell`.
 *
 * `forward` throws `ShapeError` when ids are not [b, s] and [b, t] with the same b, and what `BidirectionalGRU` throws for lengths.
 *
 * Bahdanau, Cho and Bengio 2014, "Neural machine translation by jointly learning to align and translate".
 *
 * @example
 * ```ts
 * const sizes = { sourceVocabulary: 20, vocabulary: 30, width: 6, hidden: 8 };
 * const model = await assemble(rnnSearch(sizes)).to(cpu());
 * const source = ids([3, 1, 4], [1, 3], model.backend, { limit: 20 });
 * const target = ids([1, 5], [1, 2], model.backend, { limit: 30 });
 * const { taps } = trace(model, ["attention.pattern"], () => model.forward(source, target));
 * console.log(taps["attention.pattern"]!.map(({ shape }) => shape)); // [ [ 1, 1, 1, 3 ], [ 1, 1, 1, 3 ] ]
 * ```
 */
export class RnnSearch extends RecurrentTranslator {
  readonly tokens: TokenEmbedding;
  readonly encoder: BidirectionalGRU;
  /** Wₛ */
  readonly begin: Linear;
  readonly attention: AdditiveAttention;
  readonly decoder: RecurrentDecoder;

  readonly #spec: RnnSearchSpec;

  /** From a checked spec; use `assemble`. */
  constructor(spec: RnnSearchSpec, random: Random) {
    super();
    const { sourceVocabulary, vocabulary, width, hidden, readout, alignment, reset } = spec;
    const both = 2 * hidden;
    this.#spec = spec;
    this.tokens = new TokenEmbedding({ vocabulary: sourceVocabulary, width, random: random.fork("tokens") });
    this.encoder = new BidirectionalGRU({ input: width, hidden, reset, random: random.fork("encoder") });
    this.begin = new Linear({ input: hidden, output: hidden, random: random.fork("begin") });
    this.attention = new AdditiveAttention({
      ...{ width: hidden, memoryWidth: both, hidden: alignment },
      random: random.fork("attention"),
    });
    this.decoder = new RecurrentDecoder({
      ...{ vocabulary, width, hidden, readout, reset },
      context: both,
      random: random.fork("decoder"),
    });
  }

  /** The architecture, every default filled in. Its vocabularies are those of now, when they were resized. */
  get spec(): RnnSearchSpec {
    return { ...this.#spec, sourceVocabulary: this.sourceVocabulary, vocabulary: this.vocabulary };
  }
  override get sourceVocabulary(): number {
    return this.tokens.vocabulary;
  }

  override read(source: Tensor, lengths: Tensor | undefined): RecurrentReading {
    const { outputs, states } = this.encoder.forward(this.tokens.forward(source), { lengths });
    return {
      begin: tanh(this.begin.forward(states.backwards)),
      annotations: outputs, // [b, s, 2 n]
      keys: this.attention.key.forward(outputs), // U h, once for all tokens of the target
      ...(lengths && { lengths }),
    };
  }

  override look({ annotations, keys, lengths }: RecurrentReading): (state: Tensor) => Tensor {
    const mask = lengths && padding(lengths);
    const cache = { once: () => ({ keys: keys!, values: annotations! }) };
    return (state) => {
      const [b, n] = state.shape as [number, number];
      const context = this.attention.forward(reshape(state, [b, 1, n]), annotations!, { mask, cache });
      return reshape(context, [b, context.shape[2]!]); // [b, 1, 2 n] → [b, 2 n]
    };
  }
}
