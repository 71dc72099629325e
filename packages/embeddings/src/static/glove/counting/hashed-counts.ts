import { pairNumber, pairsAtOnce, type SortedCounts } from "./counts-of-pairs.ts";

const firstSlots = 4096;
/** Key and count of a slot, and once more a number of 8 bytes: the keys are copied to be sorted, or go into a larger table. */
const bytesPerSlot = 24;
/** Linear probing takes long beyond three quarters. */
const fill = 0.75;

/**
 * Counts of rare pairs: a hash table with linear probing (Knuth, The Art of Computer Programming 3, 6.4) that doubles until it has all the
 * memory that it may take, and is full at three quarters of that.
 */
export class HashedCounts {
  readonly #vocabulary: number;
  readonly #mostSlots: number;
  /** The pair's number + 1; 0 where the slot is free. */
  #keys: Float64Array<ArrayBuffer>;
  #counts: Float64Array<ArrayBuffer>;
  #size = 0;

  constructor(options: { readonly vocabulary: number; readonly bytes: number }) {
    this.#vocabulary = options.vocabulary;
    this.#mostSlots = Math.max(8, Math.floor(options.bytes / bytesPerSlot));
    const slots = Math.min(firstSlots, this.#mostSlots);
    this.#keys = new Float64Array(slots);
    this.#counts = new Float64Array(slots);
  }

  /** Pairs that are counted. */
  get size(): number {
    return this.#size;
  }
  /** Whether so many pairs more may be too many. */
  isFull(more: number): boolean {
    return this.#size + more > fill * this.#mostSlots;
  }

  add(row: number, column: number, amount: number): void {
    const key = pairNumber(row, column, this.#vocabulary) + 1;
    const slot = this.#slot(key, row, column);
    this.#counts[slot]! += amount;
    if (this.#keys[slot] !== 0) return;
    this.#keys[slot] = key;
    this.#size++;
    if (this.#size > fill * this.#keys.length) this.#grow();
  }

  /** Where the key is, or belongs. */
  #slot(key: number, row: number, column: number): number {
    const keys = this.#keys;
    // Fibonacci hashing (Knuth): a multiplication by 2³² / golden ratio spreads neighbours over the upper bits.
    const hash = Math.imul(Math.imul(row, 0x85ebca6b) + column, 0x9e3779b1) >>> 0;
    let slot = Math.floor((hash / 2 ** 32) * keys.length);
    while (keys[slot] !== key && keys[slot] !== 0) if (++slot === keys.length) slot = 0;
    return slot;
  }
  #slotOf(key: number): number {
    const row = Math.floor((key - 1) / this.#vocabulary);
    return this.#slot(key, row, key - 1 - row * this.#vocabulary);
  }

  #grow(): void {
    if (this.#keys.length === this.#mostSlots) return;
    const [keys, counts] = [this.#keys, this.#counts];
    const slots = Math.min(2 * keys.length, this.#mostSlots);
    this.#keys = new Float64Array(slots);
    this.#counts = new Float64Array(slots);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      if (key === 0) continue;
      const slot = this.#slotOf(key);
      this.#keys[slot] = key;
      this.#counts[slot] = counts[i]!;
    }
  }

  /**
   * All counts.
   *
   * @yields some of them, then the next
   */
  *sorted(): Generator<SortedCounts> {
    const keys = this.#keys.filter((key) => key !== 0).sort();
    for (let from = 0; from < keys.length; from += pairsAtOnce) {
      const some = keys.subarray(from, from + pairsAtOnce);
      const block = new Float64Array(2 * some.length);
      for (let i = 0; i < some.length; i++) {
        block[2 * i] = some[i]! - 1;
        block[2 * i + 1] = this.#counts[this.#slotOf(some[i]!)]!;
      }
      yield block;
    }
  }

  /** Forgets all counts, and keeps the memory. */
  clear(): void {
    this.#keys.fill(0);
    this.#counts.fill(0);
    this.#size = 0;
  }
}
