import { concat, keep, scoped, slice, type Tensor } from "@tenon/tensor";

import type { CausalModel } from "./causal-model.ts";

/** What a {@link slidingModel} remembers: what the model within it does, and the last ids, to fill that anew with. */
export class SlidingCache<C> {
  readonly #make: () => C & Disposable;
  readonly #most: number;
  #inner: (C & Disposable) | undefined;
  /** The last ids, i32 [b, n], at most as many as the context holds. */
  #recent: Tensor | undefined;
  /** How many ids there were in all, and how many of them are out of sight. */
  #total = 0;
  #begin = 0;

  /** Use `cache()` of a {@link slidingModel}. */
  constructor(make: () => C & Disposable, most: number) {
    this.#make = make;
    this.#most = most;
  }

  /** Takes ids [b, t], and gives those that the cache within has not seen, with that cache. `beginOf(n)` of n ids are out of sight. */
  take(ids: Tensor, beginOf: (total: number) => number): { readonly unseen: Tensor; readonly inner: C } {
    const recent = this.#remember(ids);
    this.#total += ids.shape[1]!;
    const begin = beginOf(this.#total);
    if (this.#inner !== undefined && begin === this.#begin) return { unseen: ids, inner: this.#inner };
    this.#inner?.[Symbol.dispose]();
    this.#inner = this.#make();
    this.#begin = begin;
    const length = this.#total - begin;
    return { unseen: slice(recent, 1, recent.shape[1]! - length, length), inner: this.#inner };
  }

  #remember(ids: Tensor): Tensor {
    const before = this.#recent;
    const recent = scoped(() => {
      const all = before === undefined ? ids : concat([before, ids], 1);
      const length = all.shape[1]!;
      const kept = Math.min(length, this.#most);
      return slice(all, 1, length - kept, kept);
    });
    this.#recent = keep(recent);
    before?.[Symbol.dispose]();
    return recent;
  }

  [Symbol.dispose](): void {
    this.#recent?.[Symbol.dispose]();
    this.#inner?.[Symbol.dispose]();
  }
}

/**
 * A model that goes on beyond its context c: where one id more would not fit, it forgets all but the last half of the context, and fills up again. What came
 * before is out of its sight, as it is for every model with a fixed context. After n > c ids it sees the last
 *
 *     h + (n − c − 1) mod (c − h + 1),   h = max(1, ⌊c / 2⌋)
 *
 * of them, whether they came one by one or at once, so the same ids give the same logits. Within the context it is the model itself.
 *
 * @example
 * ```ts
 * const model = await assemble(gpt({ vocabulary: 7, context: 8, width: 8, layers: 1, heads: 2 }), { seed: 3 }).to(cpu());
 * let count = 0;
 * for await (const _ of generate(slidingModel(model), [1, 2, 3], { maxTokens: 20 })) count++;
 * console.log(count); // 20
 * ```
 */
export function slidingModel<C>(model: CausalModel<C>): CausalModel<SlidingCache<C>> {
  const { context, vocabulary, backend } = model;
  const half = Math.max(1, Math.floor(context / 2));
  const beginOf = (total: number): number =>
    total <= context ? 0 : total - half - ((total - context - 1) % (context - half + 1));
  return {
    vocabulary,
    context: Infinity,
    backend,
    cache: () => new SlidingCache(() => model.cache(), context),
    next(ids, cache) {
      const { unseen, inner } = cache.take(ids, beginOf);
      return model.next(unseen, inner);
    },
  };
}
