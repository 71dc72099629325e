import { pairNumber, pairsAtOnce, type SortedCounts } from "./counts-of-pairs.ts";

/** Which pairs a {@link DenseCounts} has room for. */
export interface DenseCountsOptions {
  /** Words, the frequent ones first. */
  readonly vocabulary: number;
  /** Only pairs whose row is not behind their column. */
  readonly triangle: boolean;
  /** The most bytes to take. */
  readonly bytes: number;
}

/** Where the rows of a table end that holds the pairs whose ranks, counted from 1, have a product up to `limit`. */
function rowEnds({ vocabulary, triangle }: DenseCountsOptions, limit: number): { ends: Int32Array; cells: number } {
  const ends = new Int32Array(vocabulary);
  let cells = 0;
  for (let row = 0; row < vocabulary; row++) {
    const first = triangle ? row : 0;
    const end = Math.min(vocabulary, Math.floor(limit / (row + 1)));
    if (end <= first) break;
    ends[row] = end;
    cells += end - first;
  }
  return { ends, cells };
}

/** The longest rows that fit, by bisection: the number of cells rises with the limit. */
function fittingEnds(options: DenseCountsOptions): { ends: Int32Array; cells: number } {
  const most = Math.floor(options.bytes / Float64Array.BYTES_PER_ELEMENT);
  const all = rowEnds(options, options.vocabulary ** 2);
  if (all.cells <= most) return all;
  let [fits, tooMany] = [0, options.vocabulary ** 2];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (rowEnds(options, middle).cells <= most) fits = middle;
    else tooMany = middle;
  }
  return rowEnds(options, fits);
}

/**
 * Counts of pairs of frequent words, each at a place of its own. Words are numbered by frequency, so that by Zipf's law a pair is the more
 * frequent the smaller the product of its ranks is: those with the smallest products are here, as in the original program.
 */
export class DenseCounts {
  readonly #vocabulary: number;
  readonly #ends: Int32Array;
  /** Where column 0 of each row is, or would be. */
  readonly #starts: Float64Array;
  readonly #firsts: (row: number) => number;
  readonly #cells: Float64Array;

  constructor(options: DenseCountsOptions) {
    const { ends, cells } = fittingEnds(options);
    this.#vocabulary = options.vocabulary;
    this.#ends = ends;
    this.#firsts = options.triangle ? (row) => row : () => 0;
    this.#starts = new Float64Array(options.vocabulary);
    let used = 0;
    for (let row = 0; row < options.vocabulary; row++) {
      const first = this.#firsts(row);
      this.#starts[row] = used - first;
      used += Math.max(0, ends[row]! - first);
    }
    this.#cells = new Float64Array(cells);
  }

  /** Whether the pair has a place here; a row that is not behind its column, where only such pairs are counted. */
  has(row: number, column: number): boolean {
    return column < this.#ends[row]!;
  }

  add(row: number, column: number, amount: number): void {
    this.#cells[this.#starts[row]! + column]! += amount;
  }

  /** Pairs that are counted. */
  get size(): number {
    return this.#cells.reduce((n, count) => (count === 0 ? n : n + 1), 0);
  }

  /**
   * All counts but zeros.
   *
   * @yields some of them, then the next
   */
  *sorted(): Generator<SortedCounts> {
    let block = new Float64Array(2 * pairsAtOnce);
    let n = 0;
    for (let row = 0; row < this.#vocabulary; row++) {
      const end = this.#ends[row]!;
      for (let column = this.#firsts(row); column < end; column++) {
        const count = this.#cells[this.#starts[row]! + column]!;
        if (count === 0) continue;
        block[n++] = pairNumber(row, column, this.#vocabulary);
        block[n++] = count;
        if (n < block.length) continue;
        yield block;
        block = new Float64Array(2 * pairsAtOnce);
        n = 0;
      }
    }
    if (n > 0) yield block.slice(0, n);
  }
}
