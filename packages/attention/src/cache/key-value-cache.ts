import type { Tensor } from "@tenon/tensor";

/** The keys and values to attend to after an {@link KeyValueCache.append}: the cache's own, to be read and not to be freed. */
export interface Cached {
  /** [b, h, capacity, k], of which the first `length` positions are filled. */
  readonly keys: Tensor;
  /** [b, h, capacity, k], filled as far as the keys. */
  readonly values: Tensor;
  /** How many positions are filled. */
  readonly length: number;
}

/** What one attention remembers of the positions before, so that generating a token costs one token. Each layer has its own. */
export interface KeyValueCache {
  /** How many positions are filled. */
  readonly length: number;
  /** How many there is room for. */
  readonly capacity: number;
  /** Adds the keys and values of the next t positions, both [b, h, t, k], and gives all so far. Throws `ShapeError` when they do not fit. */
  append(keys: Tensor, values: Tensor): Cached;
  /** Forgets every position and keeps the room. */
  reset(): void;
  /** Gives the memory back. */
  [Symbol.dispose](): void;
}
