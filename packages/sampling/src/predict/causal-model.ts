import type { Backend, Tensor } from "@tenon/tensor";

/**
 * What `generate` needs of a model: the logits of the next token. Any object of this shape will do; it need not be a
 * Tenon module.
 *
 * `C` is whatever the model remembers between calls (keys and values of earlier positions, a recurrent state, nothing
 * at all). `generate` never looks inside: it asks for one cache, hands it to every call, and disposes it at the end.
 *
 * @example
 * ```ts
 * // A Markov chain: the logits of the next token depend on the last one alone, so there is nothing to remember.
 * const backend = cpu();
 * const table = tensor([0, 2, -1, -1, 0, 2, 2, -1, 0], [3, 3], backend);
 * const model: CausalModel<object> = {
 *   vocabulary: 3,
 *   context: Infinity,
 *   backend,
 *   cache: () => ({ [Symbol.dispose]() {} }),
 *   next: (ids: Tensor) => reshape(gather(table, slice(ids, 1, ids.shape[1]! - 1, 1)), [1, 3]),
 * };
 * for await (const { id } of generate(model, [0], { maxTokens: 4 })) console.log(id);
 * // 1
 * // 2
 * // 0
 * // 1
 * ```
 */
export interface CausalModel<C> {
  /** v: ids are whole numbers from 0 to v − 1. */
  readonly vocabulary: number;
  /** The most positions that one cache can hold; `Infinity` for a model without such a limit. */
  readonly context: number;
  /** Where the ids are uploaded to. */
  readonly backend: Backend;
  /** A fresh, empty cache. Whoever asks for it disposes it. */
  cache(): C & Disposable;
  /**
   * Appends `ids` [b, t] (i32) to what the cache holds and returns the logits [b, v] (f32) of the last position.
   * Synchronous, and the result belongs to the scope that is active. `generate` calls it with b = 1: first with the
   * whole prompt, then with one id at a time.
   */
  next(ids: Tensor, cache: C): Tensor;
}
