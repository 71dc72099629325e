import { BackendError, ConfigError, isTenonError, Scope } from "@tenon/tensor";
import type { CausalModel, Rewindable } from "./causal-model.ts";
import { sequencesOf } from "./check-sequences.ts";
import { Pass } from "./pass.ts";
import type { Prediction, Predictor, Wanted } from "./predictor.ts";
import { reusable, type Held } from "./remembered.ts";

/** A predictor that holds memory of a backend until it is disposed. */
export interface ModelPredictor extends Predictor, Disposable {}

/**
 * A model with a cache as a {@link Predictor} that remembers the ids of its latest answer: what is asked next begins where it agrees with them. So a text
 * is read once, a conversation goes on without reading it again, and beams share their beginning. Hand it to several calls of `generate` for that;
 * `generate(model, …)` makes one of its own and disposes it at the end.
 *
 * Requests that overlap in time take turns; when it is disposed, the one that is under way is still answered. Predicting throws `ConfigError` for sequences of different lengths when the model does not heed paddings, and for
 * states or attention that it does not show; `ShapeError` for logits of another shape than [b, v].
 *
 * @example
 * ```ts
 * const backend = cpu();
 * const table = tensor([0, 2, -1, -1, 0, 2, 2, -1, 0], [3, 3], backend);
 * using model = predictor({
 *   vocabulary: 3,
 *   context: Infinity,
 *   backend,
 *   cache: () => ({ crop() {}, select() {}, [Symbol.dispose]() {} }), // a Markov chain has nothing to remember
 *   next: (ids: Tensor) => gather(table, reshape(slice(ids, 1, ids.shape[1]! - 1, 1), [ids.shape[0]!])),
 * });
 * const [first] = await model.predict([[0, 1, 2]]);
 * const [second] = await model.predict([[0, 1, 2, 0, 1]]);
 * console.log(first!.read, second!.read); // 3 2
 * ```
 */
export function predictor<C>(model: CausalModel<C>): ModelPredictor {
  return new CachedModel(model);
}

class CachedModel<C> implements ModelPredictor {
  readonly #model: CausalModel<C>;
  #cache: (C & Disposable) | undefined;
  #held: Held = { rows: [], paddings: [] };
  #turn: Promise<unknown> = Promise.resolve();
  #answering = false;
  #disposed = false;

  constructor(model: CausalModel<C>) {
    this.#model = model;
  }
  get vocabulary(): number {
    return this.#model.vocabulary;
  }
  get context(): number {
    return this.#model.context;
  }

  predict(sequences: readonly (readonly number[])[], wanted: Wanted = {}): Promise<readonly Prediction[]> {
    const answer = this.#turn.then(async () => this.#answer(sequences, wanted));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #answer(sequences: readonly (readonly number[])[], wanted: Wanted): Promise<readonly Prediction[]> {
    const { logits = 1, states = 0, attention = false } = wanted;
    if (this.#disposed)
      throw new BackendError("This predictor is disposed. Make another one of the model: predictor(model).");
    if (sequences.length === 0) return [];
    sequencesOf(sequences, wanted, this);
    this.#answering = true;
    try {
      const kept = this.#prepare(sequences, Math.max(logits, states));
      const { paddings } = this.#held;
      const fresh = sequences.map((ids, row) => {
        const begin = kept - paddings[row]!;
        return begin < 0 ? [...new Array<number>(-begin).fill(0), ...ids] : ids.slice(begin);
      });
      using scope = new Scope();
      const pass = new Pass(this.#model, this.#cache!, paddings, scope);
      const shown = states === 0 && (logits === 1 || this.#model.states === undefined);
      const found = await (shown ? pass.logits(fresh, logits) : pass.states(fresh, logits, states));
      const looked = attention ? await pass.attention() : undefined;
      this.#held = { rows: sequences.map((ids) => [...ids]), paddings };
      return sequences.map((ids, row) => ({
        logits: found.logits[row]!,
        states: found.states[row]!,
        attention: looked?.[row],
        read: Math.min(ids.length, fresh[row]!.length),
      }));
    } catch (error) {
      this.#forget(); // what the cache holds now is anybody's guess
      throw error;
    } finally {
      this.#answering = false;
      if (this.#disposed) this.#forget();
    }
  }

  /** Brings the cache to where the new ids go on, and says how many positions it holds there. */
  #prepare(sequences: readonly (readonly number[])[], fresh: number): number {
    const reuse = this.#cache === undefined ? undefined : reusable(this.#held, sequences, fresh, this.context);
    if (reuse !== undefined && this.#rewind(reuse.from, reuse.length)) {
      this.#held = { rows: [], paddings: reuse.paddings };
      return reuse.length;
    }
    const longest = Math.max(...sequences.map(({ length }) => length));
    const paddings = sequences.map(({ length }) => longest - length);
    if (this.#model.padded !== true && paddings.some((padding) => padding > 0)) {
      throw new ConfigError(
        `Sequences of ${Math.min(...sequences.map(({ length }) => length))} to ${longest} ids cannot share a batch of this model: it does not heed paddings (padded: true). Decode them one by one.`,
        { lengths: sequences.map(({ length }) => length) },
      );
    }
    this.#forget();
    this.#cache = this.#model.cache();
    this.#held = { rows: [], paddings };
    return 0;
  }

  /** False where the cache cannot; it is then of no use any more. */
  #rewind(from: readonly number[], length: number): boolean {
    const cache = this.#cache as C & Disposable & Partial<Rewindable>;
    const { rows, paddings } = this.#held;
    const same = from.length === rows.length && from.every((row, i) => row === i);
    const whole = length === paddings[0]! + rows[0]!.length;
    if ((!same && cache.select === undefined) || (!whole && cache.crop === undefined)) return false;
    try {
      if (!same) cache.select!(from);
      if (!whole) cache.crop!(length);
      return true;
    } catch (error) {
      if (isTenonError(error, "ConfigError")) return false; // a sum or a window cannot go back
      throw error;
    }
  }

  #forget(): void {
    this.#cache?.[Symbol.dispose]();
    this.#cache = undefined;
    this.#held = { rows: [], paddings: [] };
  }
  [Symbol.dispose](): void {
    this.#disposed = true;
    if (!this.#answering) this.#forget(); // an answer that is under way still reads its cache, and frees it
  }
}
