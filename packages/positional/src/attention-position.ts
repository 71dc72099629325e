import type { recompute } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { Extent } from "./extent.ts";
import type { Region } from "./region.ts";

/** What a position scheme does inside attention, for one extent. Each is optional; one without any knows nothing of positions. */
export interface Placement {
  /** Turns queries, and keys before they are cached: x [b, h, t, k] → [b, h, t, k]. */
  readonly rotate?: ((x: Tensor) => Tensor) | undefined;
  /**
   * What is added to the scores of a region, before the mask and the softmax, for its queries [b, h, queries, k]: broadcasts to
   * [b, h, queries, keys]. `scale` is what the attention multiplies its products by, for a bias that is made of products, too. Long attention
   * asks for a few queries at a time.
   */
  readonly bias?: ((queries: Tensor, region: Region, scale: number) => Tensor) | undefined;
  /** What is added to the result of a region for its pattern [b, h, queries, keys]: [b, h, queries, k]. Makes attention keep the pattern. */
  readonly values?: ((pattern: Tensor, region: Region) => Tensor) | undefined;
  /**
   * `recompute` of `@tenon/nn`, from schemes with a bias: long attention in training then makes it again for the gradients, where it would keep
   * [h, t, s] of it. Brought by the scheme, so that a page without one does not pay for it.
   */
  readonly recompute?: typeof recompute | undefined;
}

/**
 * A position scheme that works inside attention, such as `RotaryPosition`. One that holds parameters extends `Part` as well.
 *
 * @example
 * ```ts
 * const none: AttentionPosition = { at: () => ({}) };
 * ```
 */
export interface AttentionPosition {
  /** Called by every layer with the extent of the forward pass; `extent.once` shares what it builds between them. */
  at(extent: Extent): Placement;
}
