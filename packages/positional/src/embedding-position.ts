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
  /** One vector for each token of the extent: [t, d], or [b, t, d] where its sequences have positions of their own; d may be 1, for a number that is added to all elements. */
  embed(extent: Extent): Tensor;
}
