import { WordVectors } from "../word-vectors.ts";

/** How much longer than estimated a store is made, so that it seldom has to grow twice. */
const slack = 1.04;

/**
 * Vectors that come one by one, of which nobody can say for certain how many there will be: a header may lie. The store grows to what the share of
 * the file that has been read lets expect, so that in the end little more memory was taken than the vectors have.
 */
export class RowStore {
  readonly width: number;
  readonly words: string[] = [];
  /** Room for at least one more vector, once {@link reserve} was called. */
  data: Float32Array = new Float32Array(0);
  readonly #known = new Set<string>();

  constructor(width: number) {
    this.width = width;
  }

  /** Where the next vector begins in {@link data}. */
  get next(): number {
    return this.words.length * this.width;
  }

  /** Makes room for one more vector, and more: `share` of the file is read, and no more than `most` vectors are to come. */
  reserve(share: number | undefined, most: number): void {
    const count = this.words.length;
    if ((count + 1) * this.width <= this.data.length) return;
    const begin = Math.ceil(2 ** 20 / this.width);
    const expected =
      count === 0 ? begin : Math.max(1.5 * count, share === undefined ? 2 * count : (slack * count) / share);
    const data = new Float32Array(Math.min(Math.ceil(expected), count < most ? most : Infinity) * this.width);
    data.set(this.data.subarray(0, this.next));
    this.data = data;
  }

  /** Keeps the vector that was written at {@link next} under a word that has none yet. Gives false, and keeps nothing, where it has one. */
  add(word: string): boolean {
    // One look-up, not two.
    if (this.#known.size === this.#known.add(word).size) return false;
    this.words.push(word);
    return true;
  }

  has(word: string): boolean {
    return this.#known.has(word);
  }

  /** What has come, at least one vector. */
  vectors(): WordVectors {
    const used = this.data.subarray(0, this.next);
    const isTight = used.length * slack * slack >= this.data.length;
    return new WordVectors({ words: this.words, data: isTight ? used : used.slice() });
  }
}
