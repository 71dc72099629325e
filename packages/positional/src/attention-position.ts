import type { Tensor } from "@tenon/tensor";

import type { Extent } from "./extent.ts";

/** What a position scheme does inside attention, for one extent. */
export interface Placement {
  /** Turns queries, and keys before they are cached: x [b, h, t, k] → [b, h, t, k]. */
  readonly rotate?: ((x: Tensor) => Tensor) | undefined;
  /** Added to the scores before the mask and the softmax; broadcasts to [b, h, t, s] with s = offset + length. */
  readonly bias?: Tensor | undefined;
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
