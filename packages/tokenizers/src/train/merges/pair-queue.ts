import { Heap } from "../../heap.ts";

/** A pair that waits to be merged. `key` is made of its two ids, so that comparing keys compares the left ids, then the right ones. */
export interface PairEntry {
  readonly key: number;
  /** As it was when the entry was made; it is compared with the true count when the entry comes up. */
  count: number;
  /** The words to look into. */
  readonly words: number[];
}

/** The most frequent pair first and, of equally frequent ones, that of the lowest ids. */
export const pairQueue = (): Heap<PairEntry> =>
  new Heap((a, b) => a.count > b.count || (a.count === b.count && a.key < b.key));
