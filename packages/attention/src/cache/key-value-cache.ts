import { ConfigError, type Tensor } from "@tenon/tensor";

import type { AttentionCache } from "./attention-cache.ts";

/**
 * The keys and values to attend to after an {@link KeyValueCache.append}: to be read and not to be freed. They are the cache's own until the next
 * call, or belong to the caller's scope, where a cache makes them for the pass.
 */
export interface Cached {
  /** [b, h, room, k], of which the first `length` entries are filled. */
  readonly keys: Tensor;
  /** [b, h, room, k], filled as far as the keys. */
  readonly values: Tensor;
  /** How many entries are filled, in the order of their positions; the last are those just added. */
  readonly length: number;
  /** The position of the first entry: 0, unless the cache has dropped what is far behind. */
  readonly first: number;
}

/** A cache that gives all its keys and values back at each pass. */
export interface KeyValueCache extends AttentionCache {
  /**
   * Adds the keys and values of the next t positions, both [b, h, t, k], and gives what is to be attended to. One tensor that is given as both is
   * kept once. Throws `ShapeError`, `DTypeError` or `BackendError` when they do not fit what it holds, and `GradientError` within `valueAndGrad`.
   */
  append(keys: Tensor, values: Tensor): Cached;
  fork(): KeyValueCache;
}

/** The cache, if it keeps keys and values. Throws `ConfigError`, in the name of the part that needs them, if it does not. */
export function keyValueCache(part: string, cache: AttentionCache | undefined): KeyValueCache | undefined {
  if (cache === undefined || "append" in cache) return cache as KeyValueCache | undefined;
  throw new ConfigError(
    `${part}: the cache keeps no keys and values, and so belongs to another kind of attention; make one with newCache()`,
    { part },
  );
}
