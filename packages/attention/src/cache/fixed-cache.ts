import { expectSize } from "@tenon/nn";
import {
  ConfigError,
  gather,
  scoped,
  ShapeError,
  tensor,
  Variable,
  writeSliceOp,
  zeros,
  type Tensor,
} from "@tenon/tensor";

import type { Cached, KeyValueCache } from "./key-value-cache.ts";

/**
 * A cache whose room is reserved at once and filled in place. It takes backend, batch, heads and widths from the first keys and
 * values that it sees. For inference: what is cached has no gradient.
 *
 * Throws `ConfigError` unless the capacity is a whole number from 1 up; `append` throws `ShapeError` when the cache is full or the
 * keys and values are not shaped as the first ones were.
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
  #keys: Variable | undefined;
  #values: Variable | undefined;

  constructor(capacity: number) {
    expectSize("FixedCache", "capacity", capacity);
    this.capacity = capacity;
  }

  get length(): number {
    return this.#length;
  }

  append(keys: Tensor, values: Tensor): Cached {
    const start = this.#length;
    const added = keys.shape[2] ?? 0;
    if (start + added > this.capacity) {
      throw new ShapeError(
        `FixedCache: ${start} of ${this.capacity} positions are filled, and ${added} more do not fit. Make the cache with a larger capacity, reset() it, or shorten the text.`,
        { capacity: this.capacity, length: start, added },
      );
    }
    this.#keys = written(this.#keys, keys, start, this.capacity);
    this.#values = written(this.#values, values, start, this.capacity);
    this.#length = start + added;
    return { keys: this.#keys.value, values: this.#values.value, length: this.#length, first: 0 };
  }

  crop(length: number): void {
    if (!Number.isSafeInteger(length) || length < 0 || length > this.#length) {
      throw new ConfigError(`FixedCache: it holds ${this.#length} positions and cannot be cropped to ${length}`, {
        length: this.#length,
        wanted: length,
      });
    }
    this.#length = length;
  }

  select(rows: readonly number[]): void {
    this.#keys = selected(this.#keys, rows);
    this.#values = selected(this.#values, rows);
  }

  fork(): FixedCache {
    const other = new FixedCache(this.capacity);
    other.#length = this.#length;
    other.#keys = shared(this.#keys);
    other.#values = shared(this.#values);
    return other;
  }

  reset(): void {
    this.#length = 0;
  }

  [Symbol.dispose](): void {
    this.#keys?.[Symbol.dispose]();
    this.#values?.[Symbol.dispose]();
    this.#keys = undefined;
    this.#values = undefined;
    this.#length = 0;
  }
}

/** Rows of what a variable [b, …] holds, as a variable in its place. */
function selected(variable: Variable | undefined, rows: readonly number[]): Variable | undefined {
  if (variable === undefined) return undefined;
  const batch = variable.type.shape[0]!;
  const wrong = rows.find((row) => !Number.isSafeInteger(row) || row < 0 || row >= batch);
  if (wrong !== undefined || rows.length === 0) {
    throw new ConfigError(`FixedCache: rows must be some of 0 to ${batch - 1}, got ${wrong ?? "none"}`, {
      rows,
      batch,
    });
  }
  const { value } = variable;
  const made = Variable.holding(
    scoped(() => gather(value, tensor(Int32Array.from(rows), [rows.length], value.backend, "i32"))),
  );
  variable[Symbol.dispose]();
  return made;
}

/** Another variable that holds the same tensor, until one of the two is written to. */
function shared(variable: Variable | undefined): Variable | undefined {
  return variable && Variable.holding(variable.value.backend.share(variable.value, variable.type));
}

/** Writes x [b, h, t, k] to `room` [b, h, capacity, k] from position `start` on, making room at the first call. */
function written(room: Variable | undefined, x: Tensor, start: number, capacity: number): Variable {
  const [b, h, t, k] = x.shape;
  if (x.rank !== 4)
    throw new ShapeError(`FixedCache: keys and values must be [b, h, t, k], got [${x.shape.join(", ")}]`, {
      x: x.shape,
    });
  const shape = [b!, h!, capacity, k!];
  const variable = room ?? Variable.holding(zeros(shape, x.backend, x.dtype));
  if (variable.type.shape.join() !== shape.join()) {
    const [batch, heads, , width] = variable.type.shape;
    throw new ShapeError(
      `FixedCache: it holds [${batch}, ${heads}, t, ${width}], got [${b}, ${h}, ${t}, ${k}]. Each batch and each layer needs a cache of its own.`,
      { holds: variable.type.shape, x: x.shape },
    );
  }
  try {
    Variable.update(writeSliceOp, [variable], [x], { axis: 2, start });
  } catch (error) {
    if (room === undefined) variable[Symbol.dispose](); // nobody else knows of it
    throw error;
  }
  return variable;
}
