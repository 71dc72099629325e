/** A pair that waits to be merged. `key` is made of its two ids, so that comparing keys compares the left ids, then the right ones. */
export interface PairEntry {
  readonly key: number;
  /** As it was when the entry was made; it is compared with the true count when the entry comes up. */
  count: number;
  /** The words to look into. */
  readonly words: number[];
}

/** The most frequent pair first and, of equally frequent ones, that of the lowest ids: a binary heap. */
export class PairQueue {
  readonly #heap: PairEntry[] = [];

  push(entry: PairEntry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): PairEntry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function before(a: PairEntry, b: PairEntry): boolean {
  return a.count > b.count || (a.count === b.count && a.key < b.key);
}
