import type { ByteLanguage } from "./byte-language.ts";

/**
 * Finds the fewest tokens that complete a text, by A* over states with the lower bounds that the language gives. What a search proves makes
 * the bounds of the next one better, and the states on its way are known from then on.
 *
 * Hart, Nilsson and Raphael 1968, "A formal basis for the heuristic determination of minimum cost paths"; Koenig and Likhachev 2006, "A new
 * principle for incremental heuristic search: theoretical results" (Adaptive A*).
 */
export class Completion<S> {
  readonly #language: ByteLanguage<S>;
  readonly #successors: (state: S) => { readonly states: readonly S[]; readonly steps: number };
  readonly #patience: number;
  readonly #exact = new Map<S, number>();
  readonly #atLeast = new Map<S, number>();
  readonly #abandoned = new Set<S>();

  /**
   * `successors` gives the states that one token leads to, and how many steps through the vocabulary it took to find them. A search gives up after
   * `patience` such steps: what it has not found by then counts as impossible, so that nothing is allowed that was not proved.
   */
  constructor(
    language: ByteLanguage<S>,
    successors: (state: S) => { readonly states: readonly S[]; readonly steps: number },
    patience: number,
  ) {
    this.#language = language;
    this.#successors = successors;
    this.#patience = patience;
  }

  /** Is there a completion of no more than `limit` tokens? */
  within(state: S, limit: number): boolean {
    const bound = this.#bound(state);
    if (bound > limit || bound === Infinity) return false;
    if (this.#exact.has(state)) return true;
    return !this.#abandoned.has(state) && this.#search(state, limit);
  }

  #bound(state: S): number {
    const known = this.#exact.get(state) ?? this.#atLeast.get(state);
    if (known !== undefined) return known;
    const bound = this.#language.accepts(state) ? 0 : Math.max(1, this.#language.tokens(state));
    if (bound === 0) this.#exact.set(state, 0);
    else this.#atLeast.set(state, bound);
    return bound;
  }

  #search(start: S, limit: number): boolean {
    const cost = new Map<S, number>([[start, 0]]);
    const parent = new Map<S, S>();
    const closed = new Set<S>();
    // By cost so far plus bound; of equals the last one found, which is the deepest, goes first.
    const open: S[][] = [];
    open[this.#bound(start)] = [start];
    let steps = 0;
    for (let total = this.#bound(start); total < open.length && total <= limit; total++) {
      for (let state = open[total]?.pop(); state !== undefined; state = open[total]?.pop()) {
        if (closed.has(state)) continue;
        const spent = cost.get(state)!;
        if (this.#exact.has(state)) {
          this.#keepPath(state, parent);
          this.#learn(closed, cost, total);
          return true;
        }
        if (steps > this.#patience) {
          this.#abandoned.add(start);
          return false;
        }
        closed.add(state);
        const { states, steps: taken } = this.#successors(state);
        steps += taken;
        for (const next of states) {
          const bound = this.#bound(next);
          if (bound === Infinity || (cost.get(next) ?? Infinity) <= spent + 1) continue;
          cost.set(next, spent + 1);
          parent.set(next, state);
          (open[Math.max(total, spent + 1 + bound)] ??= []).push(next);
        }
      }
    }
    const beyond = open.findIndex((states) => states !== undefined && states.length > 0);
    this.#learn(closed, cost, beyond === -1 ? Infinity : beyond);
    return false;
  }

  /** Every state on the way to the end is now known exactly. */
  #keepPath(end: S, parent: ReadonlyMap<S, S>): void {
    let distance = this.#exact.get(end)!;
    for (let state = parent.get(end); state !== undefined; state = parent.get(state))
      this.#exact.set(state, ++distance);
  }

  /** From the start it takes at least `total`, so from here at least what is left of it. */
  #learn(states: Iterable<S>, cost: ReadonlyMap<S, number>, total: number): void {
    for (const state of states)
      this.#atLeast.set(state, Math.max(this.#atLeast.get(state) ?? 0, total - cost.get(state)!));
  }
}
