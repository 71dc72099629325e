import { DenseCounts } from "./dense-counts.ts";
import { HashedCounts } from "./hashed-counts.ts";
import type { Filled } from "../../filled.ts";

/** What is counted as a co-occurrence. */
export interface WindowOptions {
  /** How many words to the left of a word are its context, and to the right where the window is symmetric. Default: 15. */
  readonly size?: number | undefined;
  /** Words to the right are context, too. Default: true. */
  readonly symmetric?: boolean | undefined;
  /** A word at distance n counts 1/n instead of 1. Default: true. */
  readonly distanceWeighting?: boolean | undefined;
}

/** Of the memory that counts may take, the part of the frequent pairs. */
const denseShare = 0.5;

/**
 * Counts the words before each word of a text, in memory. A symmetric window needs half of the counts: what is to the right of a word has
 * that word to its left.
 */
export class WindowCounter {
  readonly dense: DenseCounts;
  readonly hashed: HashedCounts;
  readonly #symmetric: boolean;
  /** What a word at each distance counts, from distance 0 on. */
  readonly #weights: Float64Array;
  /** The last words of the line: the n-th is at n modulo the window's size. */
  readonly #history: Int32Array;
  #wordsOfLine = 0;

  constructor(window: Filled<WindowOptions>, vocabulary: number, bytes: number) {
    const { size, symmetric, distanceWeighting } = window;
    this.dense = new DenseCounts({ vocabulary, triangle: symmetric, bytes: denseShare * bytes });
    this.hashed = new HashedCounts({ vocabulary, bytes: (1 - denseShare) * bytes });
    this.#symmetric = symmetric;
    this.#weights = Float64Array.from({ length: size + 1 }, (_, n) => (distanceWeighting ? 1 / n : 1));
    this.#history = new Int32Array(size);
  }

  /** Counts the ids from a place on; stops where the memory is full. Gives the place where it has stopped. */
  count(ids: Int32Array, from: number): number {
    const { dense, hashed } = this;
    const [history, weights, symmetric] = [this.#history, this.#weights, this.#symmetric];
    const size = history.length;
    for (let i = from; i < ids.length; i++) {
      const id = ids[i]!;
      if (id < 0) {
        this.#wordsOfLine = 0;
        continue;
      }
      if (hashed.isFull(size)) return i;
      const n = this.#wordsOfLine++;
      const here = n % size;
      const furthest = Math.min(n, size);
      let at = here;
      for (let distance = 1; distance <= furthest; distance++) {
        at = at === 0 ? size - 1 : at - 1;
        const other = history[at]!;
        const isSwapped = symmetric && other > id;
        const row = isSwapped ? id : other;
        const column = isSwapped ? other : id;
        // A word beside itself is to the left and to the right of it. Added one by one, the sum has the same bits as the original's.
        for (let times = symmetric && row === column ? 2 : 1; times > 0; times--)
          if (dense.has(row, column)) dense.add(row, column, weights[distance]!);
          else hashed.add(row, column, weights[distance]!);
      }
      history[here] = id;
    }
    return ids.length;
  }
}
