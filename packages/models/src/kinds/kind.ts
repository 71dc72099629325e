import type { AttentionOptions } from "@tenon/attention";
import type { FeedForward, Residual } from "@tenon/blocks";
import type { Module, Norm } from "@tenon/nn";
import type { AttentionPosition, EmbeddingPosition } from "@tenon/positional";
import type { Random, Tensor } from "@tenon/tensor";
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

/** A position scheme is added to the embeddings, works inside attention, or both. `attention` is asked once per layer. */
export interface PositionParts {
  readonly embedding?: EmbeddingPosition;
  readonly attention?: (layer: number) => AttentionPosition;
}

/** What the factories of each group build. */
export interface Built {
  readonly position: PositionParts;
  readonly attention: Module<[x: Tensor, options?: AttentionOptions], Tensor>;
  readonly feedForward: FeedForward;
  readonly norm: Norm;
  readonly residual: Residual;
}
/** The five places of a spec where one part can stand for another. */
export type Group = keyof Built;

/** What the factories of each group are given besides their options. */
export interface Given {
  readonly position: Surroundings;
  readonly attention: Surroundings & { readonly position: AttentionPosition | undefined };
  readonly feedForward: Surroundings;
  readonly norm: Surroundings;
  /** A residual branch is built around its norm. If its options hold `finalNorm: true`, the model ends with one more norm. */
  readonly residual: Surroundings & { readonly norm: Norm; readonly dropout: number };
}

/**
 * One entry of the registry: the options that a spec may give, `kind` among them, and how the part is built from them. The schema's
 * defaults become part of the spec, and what it says of an option by `.describe("a number above 0")` becomes part of the errors. A `ConfigError` that `build` throws reaches the reader under the name of the spec's key.
 */
export interface Kind<G extends Group, Options = unknown> {
  readonly options: z.ZodType<Options>;
  build(options: Options, given: Given[G]): Built[G];
}
