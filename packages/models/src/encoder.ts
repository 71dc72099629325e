import { all, documents as ofDocuments, padding, type Mask } from "@tenon/attention";
import type { Stack } from "@tenon/blocks";
import type { InputEmbedding } from "@tenon/embeddings";
import { Module, type Norm, type Parameter } from "@tenon/nn";
import { positionsInDocuments } from "@tenon/positional";
import { ConfigError, scoped, type Backend, type Random, type Tensor } from "@tenon/tensor";

import { extentOf } from "./extent-of.ts";
import type { EncoderHead } from "./heads/encoder-head.ts";
import { realTokens } from "./heads/real-tokens.ts";
import type { Kinds } from "./kinds/registry.ts";
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
  /**
   * Which of the documents that are packed into its row each token belongs to: a row for each sequence, or one for all. No document sees
   * another, and the positions of each begin at 0, so it does not go with `positions`. Default: a row is one document.
   */
  readonly documents?: readonly (readonly number[])[] | undefined;
}

/**
 * A BERT-like model: each token sees all, and its head makes of their vectors what is asked for. ids i32 [b, t] → logits [b, t, v] of masked
 * words with the usual head, and what the spec's `head` says with another; `encode` stops before the head, at one vector per token.
 * Assembled from an {@link EncoderSpec} by `assemble`.
 *
 * A head that looks at a sequence as a whole leaves out its padding: the tokens that `lengths` and `mask` let nobody see.
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
  /** What makes the result of the tokens' vectors; undefined where these are the result. */
  readonly head: EncoderHead | undefined;

  readonly #spec: EncoderSpec;
  readonly #table: Parameter;

  /** From a checked spec; use `assemble`. */
  constructor(spec: EncoderSpec, kinds: Kinds, random: Random) {
    super();
    const { tokens, embedding, blocks, finalNorm, norm, around } = buildTrunk(spec, kinds, random);
    this.#spec = spec;
    this.#table = tokens.table;
    this.embedding = embedding;
    this.blocks = blocks;
    this.norm = finalNorm;
    this.head = kinds.build("head", spec.head ?? { kind: "masked-language" }, {
      ...around("head"),
      tokens,
      norm: (place, width) => norm(`head.${place}`, width),
      dropout: spec.dropout,
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
  /** How many segments it tells apart; 0 where it has none. */
  get segments(): number {
    return this.#spec.segments;
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
  encode(ids: Tensor, input: EncoderInput = {}): Tensor {
    return scoped(() => {
      const { segments } = input;
      const positions = positionsOf(input);
      const extent = extentOf(ids, { offset: 0, context: this.context, backend: this.backend, positions });
      const visible = maskOf(input);
      const x = this.blocks.forward(this.embedding.forward(ids, { extent, segments }), { mask: visible, extent });
      return this.tap("final", this.norm?.forward(x) ?? x);
    });
  }

  protected override compute(ids: Tensor, input: EncoderInput = {}): Tensor {
    const x = this.encode(ids, input);
    if (this.head === undefined) return x;
    return this.head.forward(x, {
      // Made only for a head that asks.
      get real() {
        return realTokens(maskOf(input), ids);
      },
    });
  }
}

function maskOf({ lengths, mask, documents }: EncoderInput): Mask {
  return all(
    ...(lengths === undefined ? [] : [padding(lengths)]),
    ...(documents === undefined ? [] : [ofDocuments(documents)]),
    ...(mask === undefined ? [] : [mask]),
  );
}

function positionsOf({ positions, documents }: EncoderInput): EncoderInput["positions"] {
  if (documents === undefined) return positions;
  if (positions !== undefined)
    throw new ConfigError("An encoder takes positions or documents, not both: documents say the positions, too");
  return positionsInDocuments(documents);
}
