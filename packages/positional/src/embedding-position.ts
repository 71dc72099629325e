import type { Tensor } from "@tenon/tensor";

import type { Extent } from "./extent.ts";

/**
 * A position scheme that is added to the token embeddings, such as `SinusoidalPosition` and `LearnedPosition`. One that holds
 * parameters extends `Part` as well.
 *
 * @example
 * ```ts
 * const first: EmbeddingPosition = { embed: ({ offset, length, backend }) => reshape(cast(iota(length, offset, backend), "f32"), [length, 1]) };
 * ```
 */
export interface EmbeddingPosition {
  /** One vector for each position of the extent: [t, d], or [t, 1] for a number that is added to all of its elements. */
  embed(extent: Extent): Tensor;
}
