import { pairsAtOnce, type SortedCounts } from "./counts-of-pairs.ts";

/** Sorted counts, block after block. */
export type Run = AsyncIterator<SortedCounts> | Iterator<SortedCounts>;

/** Where the merging is within one run. */
interface Cursor {
  readonly run: Run;
  /** The runs are added up in this order, so that the sums have the same bits each time. */
  readonly order: number;
  block: SortedCounts;
  at: number;
}

const isBefore = (a: Cursor, b: Cursor): boolean => {
  const [x, y] = [a.block[a.at]!, b.block[b.at]!];
  return x < y || (x === y && a.order < b.order);
};

/** Puts the first cursor of a heap, which has moved on, where it belongs. */
function sink(heap: Cursor[]): void {
  const cursor = heap[0]!;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, cursor)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = cursor;
}

/** Loads a cursor's next block; false at its end. */
async function load(cursor: Cursor): Promise<boolean> {
  const { value, done } = await cursor.run.next();
  if (done === true) return false;
  cursor.block = value;
  cursor.at = 0;
  return true;
}

/**
 * Merges sorted runs into one, and adds up what several of them have counted (Knuth, The Art of Computer Programming 3, 5.4.1).
 *
 * @yields a block of the one run
 */
export async function* mergeRuns(runs: readonly Run[]): AsyncGenerator<SortedCounts> {
  const heap: Cursor[] = [];
  for (const [order, run] of runs.entries()) {
    const cursor = { run, order, block: new Float64Array(), at: 0 };
    if (await load(cursor)) heap.push(cursor);
  }
  heap.sort((a, b) => (isBefore(a, b) ? -1 : 1)); // a sorted list is a heap

  let merged = new Float64Array(2 * pairsAtOnce);
  let n = 0;
  while (heap.length > 0) {
    const cursor = heap[0]!;
    const [pair, count] = [cursor.block[cursor.at]!, cursor.block[cursor.at + 1]!];
    if (n > 0 && merged[n - 2] === pair) merged[n - 1]! += count;
    else {
      if (n === merged.length) {
        yield merged;
        merged = new Float64Array(2 * pairsAtOnce);
        n = 0;
      }
      merged[n++] = pair;
      merged[n++] = count;
    }
    cursor.at += 2;
    if (cursor.at === cursor.block.length && !(await load(cursor))) {
      const last = heap.pop()!;
      if (heap.length === 0) break;
      heap[0] = last;
    }
    sink(heap);
  }
  if (n > 0) yield merged.slice(0, n);
}
