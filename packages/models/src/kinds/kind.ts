import type { Attention, CrossAttention } from "@tenon/attention";
import type { Block, Depths, FeedForward } from "@tenon/blocks";
import type { TokenEmbedding } from "@tenon/embeddings";
import type { Norm } from "@tenon/nn";
import type { AttentionPosition, EmbeddingPosition } from "@tenon/positional";
import type { Random } from "@tenon/tensor";
import type * as z from "zod";

import type { EncoderHead } from "../heads/encoder-head.ts";
import type { WiredStack, Wiring } from "../diagram/wiring.ts";
import type { PartSpec } from "../spec.ts";
import type { GivenCode, Printed } from "./kind-code.ts";

/** What a position scheme may need to know of an attention's heads. Sizes as the spec has them: a width may come out broken. */
export interface Heads {
  /** How many query heads there are. */
  readonly count: number;
  /** Width of the queries that a bias made of queries is given. */
  readonly queryWidth: number;
  /** Width of what a head finds. */
  readonly valueWidth: number;
  /** Width of the queries and keys that turn. */
  readonly turnedWidth: number;
  /** Does it form scores, to which a scheme may add a bias? Default: yes. */
  readonly scores?: boolean | undefined;
}

/** What a factory may ask about the model around its part. */
export interface Surroundings {
  /** d, the width of the residual stream. */
  readonly width: number;
  /** The largest t. */
  readonly context: number;
  /** Does each token see only itself and those before it? A decoder's do. */
  readonly causal: boolean;
  /** The spec of the model's attention, and the heads that it makes; undefined where its kind says nothing of heads. */
  readonly attention: PartSpec;
  readonly heads: Heads | undefined;
  /** Where the part's initial values come from: a stream of its own. */
  readonly random: Random;
}

/** The same for a part of which each layer has its own. */
export interface LayerSurroundings extends Surroundings {
  /** Which layer it is for, from 0 on. */
  readonly layer: number;
  /** How many layers there are. */
  readonly layers: number;
  /** How many the model's encoder has and its decoder, of those that it has. */
  readonly depths: Depths;
}

/** What a block is to be made of. */
export interface Sublayers {
  readonly attention: Attention;
  /** Between the two, in the decoder of an encoder–decoder. */
  readonly crossAttention?: CrossAttention | undefined;
  readonly feedForward: FeedForward;
}

/** A position scheme is added to the embeddings, works inside attention, or both. `attention` is asked once per layer. */
export interface PositionParts {
  readonly embedding?: EmbeddingPosition;
  readonly attention?: (layer: number) => AttentionPosition;
}

/** What the factories of each group build. */
export interface Built {
  readonly position: PositionParts;
  readonly attention: Attention;
  readonly crossAttention: CrossAttention;
  readonly feedForward: FeedForward;
  readonly norm: Norm;
  /** The block of a layer, made of its sublayers: `aroundEach` makes one with a connection around each. */
  readonly residual: Block;
  /** What an encoder ends with; undefined for nothing. */
  readonly head: EncoderHead | undefined;
}
/** The places of a spec where one part can stand for another. */
export type Group = keyof Built;

/** What the factories of each group are given besides their options. */
export interface Given {
  readonly position: Surroundings & {
    /** Width of the tokens' vectors, to which `embedding` is added: d, unless `tokens` says otherwise. */
    readonly tokenWidth: number;
  };
  readonly attention: LayerSurroundings & {
    readonly position: AttentionPosition | undefined;
    /** Makes a norm of the model's kind, of another width: for queries and keys. */
    readonly headNorm: (width: number) => Norm;
  };
  /** Here `width` is that of both sides, and so of the memory, too. */
  readonly crossAttention: LayerSurroundings & {
    /** Makes a norm of the model's kind, of another width: for queries and keys. */
    readonly headNorm: (width: number) => Norm;
  };
  readonly feedForward: LayerSurroundings;
  /** Here `width` is that of what is normalised: d, or that of a head or of the tokens' vectors. */
  readonly norm: Surroundings;
  /** `norm` makes as many as the scheme needs, each named for its place. If the options hold `finalNorm: true`, the model ends with one more. */
  readonly residual: LayerSurroundings & {
    readonly sublayers: Sublayers;
    readonly norm: (place: string) => Norm;
    readonly dropout: number;
  };
  /** `norm` makes one that is named for its place in the head, as wide as the stream unless told otherwise. */
  readonly head: Surroundings & {
    readonly tokens: TokenEmbedding;
    readonly norm: (place: string, width?: number) => Norm;
    readonly dropout: number;
  };
}

/**
 * One entry of the registry: the options that a spec may give, `kind` among them, and how the part is built from them. What the schema makes of them
 * is the spec that is saved, and checked again when that is read: it may fill in defaults, and transform nothing. What it says of an option by
 * `.describe("a number above 0")` becomes part of the errors. A `ConfigError` that `build` throws reaches the reader under the name of the spec's key.
 */
export interface Kind<G extends Group, Options = unknown> {
  readonly options: z.ZodType<Options>;
  build(options: Options, given: Given[G]): Built[G];
  /** The TypeScript of what `build` gives, for `toTypeScript`. Default: a spec of this kind cannot be printed. */
  code?(options: Options, given: GivenCode[G]): Printed[G];
  /** For residual schemes: how they wire a block, for `diagram`. Default: the block is drawn as one box. */
  wiring?(options: Options, stack: WiredStack): Wiring;
  /** For kinds of attention: the heads that it makes, for position schemes that need to know. Default: it says nothing of them. */
  heads?(options: Options, model: { readonly width: number }): Heads;
}
