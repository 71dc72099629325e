import { expectSize } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import { expectHeld } from "./attention-cache.ts";
import { KeyValueRoom } from "./key-value-room.ts";
import type { Cached, KeyValueCache } from "./key-value-cache.ts";

/**
 * A cache without a capacity: its room doubles when it is full, so that a position is copied about once, at most half of the room is free, and a
 * backend that compiles a kernel for each shape compiles few. `first` is the room that it begins with, in positions. For inference: what is
 * cached has no gradient.
 *
 * Throws `ConfigError` unless `first` is a whole number from 1 up; `append` throws as that of `FixedCache` does, but is never full.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * using cache = new GrowingCache();
 * attention.forward(zeros([1, 100, 8], on), { mask: causal(), cache });
 * console.log(cache.length, cache.room); // 100 128
 * ```
 */
export class GrowingCache implements KeyValueCache {
  readonly capacity: number = Infinity;
  readonly #first: number;
  #length = 0;
  #room = new KeyValueRoom("GrowingCache");

  constructor(first: number = 64) {
    expectSize("GrowingCache", "first", first);
    this.#first = first;
  }

  get length(): number {
    return this.#length;
  }
  /** How many positions it has memory for now; 0 before the first append. */
  get room(): number {
    return this.#room.size;
  }

  append(keys: Tensor, values: Tensor): Cached {
    this.#room.expect(keys, values);
    const length = this.#length + keys.shape[2]!;
    let size = Math.max(this.#first, this.room);
    while (size < length) size *= 2;
    if (size > this.room) this.#room.grow(size);
    this.#room.write(keys, values, this.#length, size);
    this.#length = length;
    return { keys: this.#room.keys, values: this.#room.values, length, first: 0 };
  }

  crop(length: number): void {
    expectHeld("GrowingCache", length, this.#length);
    this.#length = length;
  }

  select(rows: readonly number[]): void {
    this.#room.select(rows);
  }

  fork(): GrowingCache {
    const other = new GrowingCache(this.#first);
    other.#length = this.#length;
    other.#room = this.#room.fork();
    return other;
  }

  reset(): void {
    this.#length = 0;
  }

  [Symbol.dispose](): void {
    this.#room[Symbol.dispose]();
    this.#length = 0;
  }
}
