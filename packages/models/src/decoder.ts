import { all, causal, documents as ofDocuments, leftPadding, padding, type Mask } from "@tenon/attention";
import type { Stack } from "@tenon/blocks";
import type { InputEmbedding } from "@tenon/embeddings";
import { Module, type Norm, type Parameter } from "@tenon/nn";
import { positionsAfterPadding, positionsInDocuments } from "@tenon/positional";
import { ConfigError, reshape, scoped, slice, type Backend, type Random, type Tensor } from "@tenon/tensor";

import { DecoderCache } from "./decoder-cache.ts";
import { extentOf } from "./extent-of.ts";
import type { Kinds } from "./kinds/registry.ts";
import { outputOf, type Output } from "./output-of.ts";
import type { DecoderSpec } from "./spec.ts";
import { buildTrunk } from "./trunk.ts";

/** What comes with the ids of one forward pass of a decoder. */
export interface DecoderInput {
  /** How many tokens of each row count, those in the cache included, i32 [b]; the rest is padding at the end. Default: all. */
  readonly lengths?: Tensor | undefined;
  /** The positions before, from `cache()`. Default: there are none. */
  readonly cache?: DecoderCache | undefined;
  /** What else limits which tokens each sees, besides that it sees none after it: padding in front, documents. Default: nothing. */
  readonly mask?: Mask | undefined;
  /**
   * The position of each token so far, those in the cache first: a row for each sequence, or one for all. For padding in front and packed
   * documents. Default: 0, 1, 2, …
   */
  readonly positions?: readonly (readonly number[])[] | undefined;
  /**
   * Which of the documents that are packed into its row each token so far belongs to, those in the cache first: a row for each sequence, or
   * one for all. No document sees another, and the positions of each begin at 0, so it does not go with `positions` or `paddings`. Default:
   * a row is one document.
   */
  readonly documents?: readonly (readonly number[])[] | undefined;
  /**
   * How many tokens at the front of each row are padding, the same for the whole life of a cache: for texts of different lengths that are generated
   * together. Gives mask and positions, so it does not go with `positions`. Default: none.
   */
  readonly paddings?: readonly number[] | undefined;
}

/** What comes with new ids for a cache. */
type NextInput = Omit<DecoderInput, "lengths" | "cache">;

/**
 * A GPT-like model: each token sees itself and those before it, and predicts the next. ids i32 [b, t] → logits [b, t, v].
 * Assembled from a {@link DecoderSpec} by `assemble`; it fits `generate` of `@tenon/sampling` as it is.
 *
 * Tap: `final` [b, t, d], what the output is made from.
 *
 * `forward` and `next` throw `ConfigError` when there are more tokens than the context holds, and `ShapeError` when ids are not
 * [b, t] or the cache is full.
 *
 * Radford et al. 2018, "Improving language understanding by generative pre-training".
 *
 * @example
 * ```ts
 * const model = await assemble(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 })).to(cpu());
 * const logits = model.forward(ids([1, 2, 3], [1, 3], model.backend, { limit: 65 })); // [1, 3, 65]
 * ```
 */
export class Decoder extends Module<[ids: Tensor, input?: DecoderInput], Tensor> {
  readonly embedding: InputEmbedding;
  readonly blocks: Stack;
  readonly norm: Norm | undefined;
  readonly output: Output;

  readonly #spec: DecoderSpec;
  readonly #table: Parameter;

  /** From a checked spec; use `assemble`. */
  constructor(spec: DecoderSpec, kinds: Kinds, random: Random) {
    super();
    const trunk = buildTrunk(spec, kinds, random);
    const { tokens, embedding, blocks, finalNorm } = trunk;
    this.#spec = spec;
    this.#table = tokens.table;
    this.embedding = embedding;
    this.blocks = blocks;
    this.norm = finalNorm;
    this.output = outputOf(spec, trunk, random);
  }

  /** The architecture, every default filled in. Its vocabulary is the one of now, when that was resized. */
  get spec(): DecoderSpec {
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

  protected override compute(ids: Tensor, input: DecoderInput = {}): Tensor {
    return this.logits(this.#stream(ids, input));
  }

  /** Texts of different lengths can be generated together: `next` heeds `paddings`. */
  get padded(): boolean {
    return true;
  }

  /** Appends ids i32 [b, t] to the cache and gives the logits [b, v] after the last. */
  next(ids: Tensor, cache: DecoderCache, input: NextInput = {}): Tensor {
    return scoped(() => {
      const x = this.#stream(ids, { ...input, cache });
      const [b, t, d] = x.shape as [number, number, number];
      return this.logits(reshape(slice(x, 1, t - 1, 1), [b, d])); // [b, 1, d] → [b, d]
    });
  }

  /** Appends ids i32 [b, t] to the cache and gives their hidden states [b, t, d], the tap `final`; `logits` goes on from them. */
  states(ids: Tensor, cache: DecoderCache, input: NextInput = {}): Tensor {
    return scoped(() => this.#stream(ids, { ...input, cache }));
  }

  /** Hidden states […, d] → logits […, v]. */
  logits(states: Tensor): Tensor {
    return this.output.forward(states);
  }

  /** An empty cache for one batch, with room for `capacity` positions. Whoever asks for it disposes it. */
  cache(capacity: number = this.context): DecoderCache {
    return new DecoderCache(this.blocks.newCaches(capacity));
  }

  /** The residual stream after the last block, normalised: [b, t, d]. */
  #stream(ids: Tensor, input: DecoderInput): Tensor {
    const { context, backend } = this;
    const { lengths, cache, mask, paddings, documents } = input;
    const offset = cache?.length ?? 0;
    const told = positionsOf(input, offset + (ids.shape[1] ?? 0));
    const extent = extentOf(ids, { offset, context, backend, positions: told });
    const masks = [
      causal(),
      ...(lengths === undefined ? [] : [padding(lengths)]),
      ...(paddings === undefined ? [] : [leftPadding(paddings)]),
      ...(documents === undefined ? [] : [ofDocuments(documents)]),
      ...(mask === undefined ? [] : [mask]),
    ];
    const x = this.blocks.forward(this.embedding.forward(ids, { extent }), {
      mask: all(...masks),
      caches: cache?.layers,
      extent,
    });
    return this.tap("final", this.norm?.forward(x) ?? x);
  }
}

/** The positions that the input tells the tokens to have; undefined for 0, 1, 2, … */
function positionsOf(
  { positions, paddings, documents }: DecoderInput,
  tokens: number,
): readonly (readonly number[])[] | undefined {
  const given = Object.entries({ positions, paddings, documents }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    throw new ConfigError(
      `A decoder takes positions, paddings or documents, and got ${given.map(([name]) => name).join(" and ")}: each says where the positions begin`,
    );
  }
  if (paddings !== undefined) return positionsAfterPadding(paddings, tokens);
  return documents === undefined ? positions : positionsInDocuments(documents);
}
