import type { Attention } from "@tenon/attention";
import type { Block, FeedForward } from "@tenon/blocks";
import type { Norm } from "@tenon/nn";
import type { AttentionPosition, EmbeddingPosition } from "@tenon/positional";
import type { Random } from "@tenon/tensor";
import type { z } from "zod";

import type { PartSpec } from "../spec.ts";

/** What a factory may ask about the model around its part. */
export interface Surroundings {
  /** d, the width of the residual stream. */
  readonly width: number;
  /** The largest t. */
  readonly context: number;
  /** The spec of the model's attention, for a position scheme that needs to know the heads. */
  readonly attention: PartSpec;
  /** Where the part's initial values come from: a stream of its own. */
  readonly random: Random;
}

/** The same for a part of which each layer has its own. */
export interface LayerSurroundings extends Surroundings {
  /** Which layer it is for, from 0 on. */
  readonly layer: number;
  /** How many layers there are. */
  readonly layers: number;
}

/** What a block is to be made of. */
export interface Sublayers {
  readonly attention: Attention;
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
  readonly feedForward: FeedForward;
  readonly norm: Norm;
  /** The block of a layer, made of its sublayers: `aroundEach` makes one with a connection around each. */
  readonly residual: Block;
}
/** The five places of a spec where one part can stand for another. */
export type Group = keyof Built;

/** What the factories of each group are given besides their options. */
export interface Given {
  readonly position: Surroundings;
  readonly attention: LayerSurroundings & { readonly position: AttentionPosition | undefined };
  readonly feedForward: LayerSurroundings;
  readonly norm: Surroundings;
  /** `norm` makes as many as the scheme needs, each named for its place. If the options hold `finalNorm: true`, the model ends with one more. */
  readonly residual: LayerSurroundings & {
    readonly sublayers: Sublayers;
    readonly norm: (place: string) => Norm;
    readonly dropout: number;
  };
}

/**
 * One entry of the registry: the options that a spec may give, `kind` among them, and how the part is built from them. The schema's
 * defaults become part of the spec, and what it says of an option by `.describe("a number above 0")` becomes part of the errors. A `ConfigError` that `build` throws reaches the reader under the name of the spec's key.
 */
export interface Kind<G extends Group, Options = unknown> {
  readonly options: z.ZodType<Options>;
  build(options: Options, given: Given[G]): Built[G];
}
