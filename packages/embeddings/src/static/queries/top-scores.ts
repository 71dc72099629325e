/** A row and its score. */
export interface Scored {
  readonly row: number;
  readonly score: number;
}

/**
 * The highest of many scores, found in one pass: a heap whose lowest gives way to what is higher (Floyd 1964, "Treesort 3"). Of equal scores
 * the earlier row wins.
 */
export class TopScores {
  readonly #count: number;
  readonly #rows: number[] = [];
  readonly #scores: number[] = [];
  /** What a score must exceed to come in. */
  least: number = -Infinity;

  constructor(count: number) {
    this.#count = count;
  }

  /** Offers the scores of `count` rows from `from` on, in the order of the rows. */
  offerAll(scores: Float32Array, from: number, count: number): void {
    let { least } = this;
    for (let i = 0; i < count; i++) {
      if (scores[i]! > least) {
        this.#offer(from + i, scores[i]!);
        least = this.least;
      }
    }
  }

  #offer(row: number, score: number): void {
    if (this.#scores.length < this.#count) {
      this.#rows.push(row);
      this.#scores.push(score);
      this.#rise(this.#scores.length - 1);
    } else {
      this.#rows[0] = row;
      this.#scores[0] = score;
      this.#sink();
    }
    if (this.#scores.length === this.#count) this.least = this.#scores[0]!;
  }

  /** The highest first. */
  sorted(): Scored[] {
    return this.#rows
      .map((row, i) => ({ row, score: this.#scores[i]! }))
      .sort((a, b) => b.score - a.score || a.row - b.row);
  }

  #isBelow(i: number, j: number): boolean {
    const difference = this.#scores[i]! - this.#scores[j]!;
    return difference < 0 || (difference === 0 && this.#rows[i]! > this.#rows[j]!);
  }

  #swap(i: number, j: number): void {
    [this.#rows[i], this.#rows[j]] = [this.#rows[j]!, this.#rows[i]!];
    [this.#scores[i], this.#scores[j]] = [this.#scores[j]!, this.#scores[i]!];
  }

  #rise(from: number): void {
    for (let i = from; i > 0;) {
      const parent = (i - 1) >> 1;
      if (!this.#isBelow(i, parent)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #sink(): void {
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      if (left >= this.#rows.length) return;
      const lower = left + 1 < this.#rows.length && this.#isBelow(left + 1, left) ? left + 1 : left;
      if (!this.#isBelow(lower, i)) return;
      this.#swap(i, lower);
      i = lower;
    }
  }
}
