import { expectSize } from "@tenon/nn";
import { ShapeError, type Tensor } from "@tenon/tensor";

import { expectHeld } from "./attention-cache.ts";
import { KeyValueRoom } from "./key-value-room.ts";
import type { Cached, KeyValueCache } from "./key-value-cache.ts";

/**
 * A cache whose room is reserved at once and filled in place. It takes backend, batch, heads and widths from the first keys and
 * values that it sees. For inference: what is cached has no gradient.
 *
 * Throws `ConfigError` unless the capacity is a whole number from 1 up; `append` throws `ShapeError` when the cache is full or the
 * keys and values are not shaped as the first ones were, and `GradientError` or `BackendError` within `valueAndGrad`.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * using cache = new FixedCache(256);
 * attention.forward(zeros([1, 5, 8], on), { mask: causal(), cache }); // the prompt
 * attention.forward(zeros([1, 1, 8], on), { mask: causal(), cache }); // the next token, which sees the prompt, too
 * console.log(cache.length); // 6
 * ```
 */
export class FixedCache implements KeyValueCache {
  readonly capacity: number;
  #length = 0;
  #room = new KeyValueRoom("FixedCache");

  constructor(capacity: number) {
    expectSize("FixedCache", "capacity", capacity);
    this.capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  append(keys: Tensor, values: Tensor): Cached {
    this.#room.expect(keys, values);
    const start = this.#length;
    const added = keys.shape[2]!;
    if (start + added > this.capacity) {
      throw new ShapeError(
        `FixedCache: ${start} of ${this.capacity} positions are filled, and ${added} more do not fit. Make the cache with a larger capacity, reset() it, or shorten the text.`,
        { capacity: this.capacity, length: start, added },
      );
    }
    this.#room.write(keys, values, start, this.capacity);
    this.#length = start + added;
    return { keys: this.#room.keys, values: this.#room.values, length: this.#length, first: 0 };
  }

  crop(length: number): void {
    expectHeld("FixedCache", length, this.#length);
    this.#length = length;
  }

  select(rows: readonly number[]): void {
    this.#room.select(rows);
  }

  fork(): FixedCache {
    const other = new FixedCache(this.capacity);
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
