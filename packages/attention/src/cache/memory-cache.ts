import type { Tensor } from "@tenon/tensor";

/** What a cross-attention makes of its memory alone, such as keys and values, each [b, …]. */
export type Projected = Readonly<Record<string, Tensor>>;

/** Keeps what one cross-attention has made of its memory, so that it is made once for all tokens that look at it. Each layer has its own. */
export interface MemoryCache {
  /** What `make` gives, made at the first call and given again at the later ones: the cache's own, to be read and not to be freed. */
  once(make: () => Projected): Projected;
  /** Keeps these rows of the batch, in this order; one may come several times. */
  select(rows: readonly number[]): void;
  /** Another cache that holds the same. */
  fork(): MemoryCache;
  /** Forgets the memory. */
  reset(): void;
  /** Gives the memory back. */
  [Symbol.dispose](): void;
}
