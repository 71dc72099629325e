import type { Decoder, DecoderCache } from "@tenon/models";
import type { CausalModel } from "@tenon/sampling";
import { concat, keep, scoped, slice, type Tensor } from "@tenon/tensor";

/** A decoder's cache, and the ids that it is filled with anew when it is full. */
export class SlidingCache {
  readonly inner: DecoderCache;
  /** The last ids, i32 [b, t], at most `half` of them. */
  #recent: Tensor | undefined;
  readonly #half: number;

  constructor(inner: DecoderCache, half: number) {
    this.inner = inner;
    this.#half = half;
  }

  /** Takes note of ids and returns the last ones, these included. */
  remember(ids: Tensor): Tensor {
    const before = this.#recent;
    const recent = scoped(() => {
      const all = before === undefined ? ids : concat([before, ids], 1);
      const length = all.shape[1]!;
      const kept = Math.min(length, this.#half);
      return slice(all, 1, length - kept, kept);
    });
    this.#recent = keep(recent);
    before?.[Symbol.dispose]();
    return recent;
  }

  [Symbol.dispose](): void {
    this.#recent?.[Symbol.dispose]();
    this.inner[Symbol.dispose]();
  }
}

/**
 * A decoder that goes on beyond its context: when the context is full, it forgets all but the last half of it. The text before
 * that is out of its sight, as it is for every model with a fixed context; the same seed still gives the same text.
 */
export function slidingModel(model: Decoder): CausalModel<SlidingCache> {
  const half = Math.max(1, Math.floor(model.context / 2));
  return {
    vocabulary: model.vocabulary,
    context: Infinity,
    backend: model.backend,
    cache: () => new SlidingCache(model.cache(), half),
    next(ids, cache) {
      const recent = cache.remember(ids);
      if (cache.inner.length === 0 || cache.inner.length + ids.shape[1]! <= model.context)
        return model.next(ids, cache.inner);
      cache.inner.reset();
      return model.next(recent, cache.inner);
    },
  };
}
