import { expectSize } from "@tenon/nn";
import { ConfigError, scoped, slice, type Tensor } from "@tenon/tensor";

import { expectHeld } from "./attention-cache.ts";
import { KeyValueRoom } from "./key-value-room.ts";
import type { Cached, KeyValueCache } from "./key-value-cache.ts";

/** How much more than its window a {@link SlidingCache} has room for. */
export interface SlidingCacheOptions {
  /** How many positions the newest token sees, itself among them: the size of the mask `window`, or more. */
  readonly window: number;
  /** How many of the last positions can be taken back by `crop` at any time, as for a draft that is refused. Default 1. */
  readonly back?: number | undefined;
  /** Free room after a move: the more, the rarer it moves. Default: as much as the window. */
  readonly slack?: number | undefined;
}

/**
 * A cache of bounded memory for attention that looks `window` positions back, under a mask such as `all(causal(), window(size))`: it gives what
 * a cache of everything gives, whatever the length of the text. Positions lie in their order; when the room is full, the last ones move to its
 * front, so with the default slack a position is moved once. A prompt may be longer than the room. For inference: what is cached
 * has no gradient.
 *
 * What lies behind the window is gone, also for a mask that would allow it: take no wider one.
 *
 * Throws `ConfigError` unless window, back and slack are whole numbers from 1 up; `crop` throws `ConfigError` where the window before that length
 * is not there any more; `append` throws as that of `FixedCache` does, but is never full.
 *
 * Beltagy, Peters and Cohan 2020, "Longformer: the long-document transformer", section 3.1; Jiang et al. 2023, "Mistral 7B", whose rolling buffer
 * this is, with positions in order.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * using cache = new SlidingCache({ window: 16 });
 * const mask = all(causal(), window(16));
 * attention.forward(zeros([1, 100, 8], on), { mask, cache });
 * console.log(cache.length, cache.room); // 100 32
 * ```
 */
export class SlidingCache implements KeyValueCache {
  readonly capacity: number = Infinity;
  /** How many positions it has memory for. */
  readonly room: number;
  readonly window: number;
  readonly back: number;
  /** The position of the first entry. */
  #first = 0;
  /** How many entries there are. */
  #held = 0;
  #room = new KeyValueRoom("SlidingCache");

  constructor({ window, back = 1, slack = window }: SlidingCacheOptions) {
    expectSize("SlidingCache", "window", window);
    expectSize("SlidingCache", "back", back);
    expectSize("SlidingCache", "slack", slack);
    this.window = window;
    this.back = back;
    this.room = window - 1 + back + slack;
  }

  get length(): number {
    return this.#first + this.#held;
  }

  append(keys: Tensor, values: Tensor): Cached {
    this.#room.expect(keys, values);
    const added = keys.shape[2]!;
    if (this.#held + added > this.room) this.#forget();
    if (this.#held + added > this.room) return this.#appendMany(keys, values);
    this.#room.write(keys, values, this.#held, this.room);
    this.#held += added;
    return { keys: this.#room.keys, values: this.#room.values, length: this.#held, first: this.#first };
  }

  /** How many positions stay when the others are forgotten. */
  get #remembered(): number {
    return this.window - 1 + this.back;
  }

  #forget(): void {
    const stay = Math.min(this.#held, this.#remembered);
    this.#room.moveToFront(this.#held - stay, stay);
    this.#first += this.#held - stay;
    this.#held = stay;
  }

  /** More positions than there is room for: gives all that they see, which belongs to the caller's scope, and keeps the last of them. */
  #appendMany(keys: Tensor, values: Tensor): Cached {
    return scoped(() => {
      const seen = this.#room.joined(this.#held, keys, values);
      const first = this.#first;
      const length = seen.keys.shape[2]!;
      const gone = length - this.#remembered;
      const last = (x: Tensor): Tensor => slice(x, 2, gone, this.#remembered);
      const lastKeys = last(seen.keys);
      this.#room.write(lastKeys, seen.values === seen.keys ? lastKeys : last(seen.values), 0, this.room);
      this.#first += gone;
      this.#held = this.#remembered;
      return { ...seen, length, first };
    });
  }

  crop(length: number): void {
    expectHeld("SlidingCache", length, this.length);
    if (length === 0) return this.reset();
    const seen = Math.max(0, length - this.window + 1);
    if (seen < this.#first) {
      throw new ConfigError(
        `SlidingCache: cropped to ${length}, the next position would see those from ${seen} on, but it holds those from ${this.#first} on; make it with a larger \`back\`, of ${this.length - length} or more, or reset() it`,
        { length: this.length, wanted: length, first: this.#first },
      );
    }
    this.#held = length - this.#first;
  }

  select(rows: readonly number[]): void {
    this.#room.select(rows);
  }

  fork(): SlidingCache {
    const { window, back, room } = this;
    const other = new SlidingCache({ window, back, slack: room - this.#remembered });
    other.#first = this.#first;
    other.#held = this.#held;
    other.#room = this.#room.fork();
    return other;
  }

  reset(): void {
    this.#first = 0;
    this.#held = 0;
  }

  [Symbol.dispose](): void {
    this.#room[Symbol.dispose]();
    this.reset();
  }
}
