import { all, padding, type Mask } from "@tenon/attention";
import type { Stack } from "@tenon/blocks";
import type { InputEmbedding } from "@tenon/embeddings";
import { Module, type Norm, type Parameter } from "@tenon/nn";
import { scoped, type Backend, type Random, type Tensor } from "@tenon/tensor";

import { extentOf } from "./extent-of.ts";
import type { Kinds } from "./kinds/registry.ts";
import { MaskedLanguageHead } from "./masked-language-head.ts";
import type { EncoderSpec } from "./spec.ts";
import { buildTrunk } from "./trunk.ts";

/** What comes with the ids of one forward pass of an encoder. */
export interface EncoderInput {
  /** How many tokens of each row count, i32 [b]; the rest is padding at the end. Default: all. */
  readonly lengths?: Tensor | undefined;
  /** The segment of each token, i32 [b, t]. Default: all 0. */
  readonly segments?: Tensor | undefined;
  /** What else limits which tokens each sees: padding in front, documents, a band. Default: nothing. */
  readonly mask?: Mask | undefined;
  /** The position of each token, a row for each sequence, or one for all. Default: 0, 1, 2, … */
  readonly positions?: readonly (readonly number[])[] | undefined;
}

/**
 * A BERT-like model: each token sees all, and masked ones are predicted. ids i32 [b, t] → logits [b, t, v]; `encode` stops before
 * the head, at one vector per token. Assembled from an {@link EncoderSpec} by `assemble`.
 *
 * Tap: `final` [b, t, d], the vectors that `encode` gives.
 *
 * `forward` and `encode` throw `ConfigError` when there are more tokens than the context holds or segments for a model without
 * them, and `ShapeError` when ids are not [b, t].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding".
 *
 * @example
 * ```ts
 * const model = await assemble(bert({ vocabulary: 600, context: 64, width: 96, layers: 3, heads: 4 })).to(cpu());
 * const vectors = model.encode(ids([5, 6, 7], [1, 3], model.backend, { limit: 600 })); // [1, 3, 96]
 * ```
 */
export class Encoder extends Module<[ids: Tensor, input?: EncoderInput], Tensor> {
  readonly embedding: InputEmbedding;
  readonly blocks: Stack;
  readonly norm: Norm | undefined;
  readonly head: MaskedLanguageHead;

  readonly #spec: EncoderSpec;
  readonly #table: Parameter;

  /** From a checked spec; use `assemble`. */
  constructor(spec: EncoderSpec, kinds: Kinds, random: Random) {
    super();
    const { tokens, embedding, blocks, finalNorm, norm } = buildTrunk(spec, kinds, random);
    this.#spec = spec;
    this.#table = tokens.table;
    this.embedding = embedding;
    this.blocks = blocks;
    this.norm = finalNorm;
    this.head = new MaskedLanguageHead({
      tokens,
      width: spec.width,
      norm: norm("head.norm", tokens.width),
      random: random.fork("head"),
    });
  }

  /** The architecture, every default filled in. Its vocabulary is the one of now, when that was resized. */
  get spec(): EncoderSpec {
    return { ...this.#spec, vocabulary: this.vocabulary };
  }
  /** v */
  get vocabulary(): number {
    return this.#table.type.shape[0]!;
  }
  /** The most tokens that it can see at once. */
  get context(): number {
    return this.#spec.context;
  }
  /** Where its parameters live. Throws `BackendError` before `to(backend)`. */
  get backend(): Backend {
    return this.#table.value.backend;
  }

  /** One vector per token: ids i32 [b, t] → [b, t, d]. */
  encode(ids: Tensor, { lengths, segments, mask, positions }: EncoderInput = {}): Tensor {
    return scoped(() => {
      const extent = extentOf(ids, { offset: 0, context: this.context, backend: this.backend, positions });
      const masks = [...(lengths === undefined ? [] : [padding(lengths)]), ...(mask === undefined ? [] : [mask])];
      const x = this.blocks.forward(this.embedding.forward(ids, { extent, segments }), { mask: all(...masks), extent });
      return this.tap("final", this.norm?.forward(x) ?? x);
    });
  }

  protected override compute(ids: Tensor, input: EncoderInput = {}): Tensor {
    return this.head.forward(this.encode(ids, input));
  }
}
