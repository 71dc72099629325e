import type { Backend, Tensor } from "@tenon/tensor";

/**
 * A model made of tensors, with a cache: the logits of the next token. Any object of this shape will do; it need not be a
 * Tenon module. What is optional makes more ways of decoding possible, or faster.
 *
 * `C` is whatever the model remembers between calls (keys and values of earlier positions, a recurrent state, nothing
 * at all). If it has the methods of {@link Rewindable}, decoding goes back and branches off in it; where it cannot, the ids are read again from the
 * first, which gives the same and takes longer.
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
   * Synchronous, and the result belongs to the scope that is active. Called first with all that is new, then with one id at a time; b is 1 but for
   * beams and batches.
   */
  next(ids: Tensor, cache: C, input?: PaddedInput): Tensor;
  /** Whether `next` and `states` heed paddings. Without it, sequences of different lengths cannot be in one batch. */
  readonly padded?: boolean;
  /** As `next`, but returns the hidden states [b, t, d] of all these ids, for contrastive search, and to check a draft in one pass. */
  states?(ids: Tensor, cache: C, input?: PaddedInput): Tensor;
  /** The logits [b, t, v] that hidden states [b, t, d] become; whoever has `states` has this. */
  logits?(states: Tensor): Tensor;
  /** With which weights [b, s] the last position of the latest pass looked at the source. For models with a memory. */
  attention?(cache: C): Tensor;
}

/** Sequences of different lengths in one batch. */
export interface PaddedInput {
  /** How many ids at the front of each row are padding, those in the cache included: the same throughout the life of a cache. */
  readonly paddings?: readonly number[] | undefined;
}

/** A cache in which one can go back and branch off. Each method may throw `ConfigError` where the cache cannot. */
export interface Rewindable {
  /** Forgets all but the first `length` positions. */
  crop(length: number): void;
  /** Keeps these rows of the batch, in this order; one may come several times. */
  select(rows: readonly number[]): void;
}
