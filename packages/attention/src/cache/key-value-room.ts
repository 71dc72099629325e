import {
  BackendError,
  concat,
  DTypeError,
  pad,
  scoped,
  ShapeError,
  slice,
  Variable,
  type Shape,
  type Tensor,
} from "@tenon/tensor";

import { room, selected, shared, write } from "./kept.ts";

/**
 * The memory of a cache: keys and values [b, h, size, k] with room for `size` positions. Backend, batch, heads, widths and dtypes are those of
 * the first keys and values. Where one tensor is given as both, it is kept once.
 */
export class KeyValueRoom {
  readonly #part: string;
  /** Of keys and of values, or of both in one. */
  #kept: readonly Variable[] = [];

  /** `part` is the cache that it belongs to, for the messages. */
  constructor(part: string) {
    this.#part = part;
  }

  /** How many positions there is room for; 0 before the first keys. */
  get size(): number {
    return this.#kept[0]?.type.shape[2] ?? 0;
  }
  get keys(): Tensor {
    return this.#kept[0]!.value;
  }
  get values(): Tensor {
    return this.#kept.at(-1)!.value;
  }

  /** Throws unless keys and values fit each other, and what is here. */
  expect(keys: Tensor, values: Tensor): void {
    const given = [keys, values];
    for (const x of given) {
      if (x.rank === 4) continue;
      throw new ShapeError(`${this.#part}: keys and values must be [b, h, t, k], got ${show(x.shape)}`, {
        x: x.shape,
      });
    }
    if (keys.shape.slice(0, 3).join() !== values.shape.slice(0, 3).join()) {
      throw new ShapeError(
        `${this.#part}: keys ${show(keys.shape)} and values ${show(values.shape)} must agree in all but their widths`,
        { keys: keys.shape, values: values.shape },
      );
    }
    if (this.#kept.length === 1 && keys !== values) {
      throw new ShapeError(
        `${this.#part}: it keeps one tensor that is both keys and values, got two. Each layer needs a cache of its own.`,
      );
    }
    this.#kept.forEach((kept, i) => this.#expectAlike(kept, given[i]!));
  }

  #expectAlike({ type, value }: Variable, x: Tensor): void {
    const [b, h, , k] = type.shape;
    if (x.shape[0] !== b || x.shape[1] !== h || x.shape[3] !== k) {
      throw new ShapeError(
        `${this.#part}: it holds [${b}, ${h}, t, ${k}], got ${show(x.shape)}. Each batch and each layer needs a cache of its own.`,
        { holds: type.shape, x: x.shape },
      );
    }
    if (x.dtype !== type.dtype) {
      throw new DTypeError(
        `${this.#part}: it holds ${type.dtype}, got ${x.dtype}; cast() them, or make another cache`,
        {
          expected: type.dtype,
          actual: x.dtype,
        },
      );
    }
    if (x.backend !== value.backend) {
      throw new BackendError(
        `${this.#part}: it lives on "${value.backend.name}", got keys or values on "${x.backend.name}". Make a cache for each backend; within valueAndGrad() leave it out, since what is cached has no gradient.`,
        { holds: value.backend.name, x: x.backend.name },
      );
    }
  }

  /** Writes keys and values over the positions from `start` on, in a room of `size` positions, which the first ones make. They must fit. */
  write(keys: Tensor, values: Tensor, start: number, size: number): void {
    const isFirst = this.#kept.length === 0;
    const given = keys === values && (isFirst || this.#kept.length === 1) ? [keys] : [keys, values];
    if (isFirst) {
      this.#kept = given.map(({ shape: [b, h, , k], dtype, backend }) =>
        room({ dtype, shape: [b!, h!, size, k!] }, backend),
      );
    }
    try {
      this.#kept.forEach((kept, i) => write(this.#part, kept, given[i]!, 2, start));
    } catch (error) {
      if (isFirst) this[Symbol.dispose](); // whoever comes next may be of another shape
      throw error;
    }
  }

  /** Makes the room larger. */
  grow(size: number): void {
    const more = size - this.size;
    this.#kept = this.#kept.map((kept) => {
      const larger = scoped(() => pad(kept.value, 2, 0, more));
      kept[Symbol.dispose]();
      return Variable.holding(larger);
    });
  }

  /** Moves `length` positions, those from `from` on, to the front. */
  moveToFront(from: number, length: number): void {
    if (from === 0 || length === 0) return;
    for (const kept of this.#kept) {
      scoped(() => write(this.#part, kept, slice(kept.value, 2, from, length), 2, 0));
    }
  }

  /** The first `length` positions and, after them, new ones, which may be more than there is room for. */
  joined(length: number, keys: Tensor, values: Tensor): { readonly keys: Tensor; readonly values: Tensor } {
    if (length === 0) return { keys, values };
    const join = (kept: Tensor, x: Tensor): Tensor => concat([slice(kept, 2, 0, length), x], 2);
    const joined = join(this.keys, keys);
    return { keys: joined, values: this.#kept.length === 1 ? joined : join(this.values, values) };
  }

  select(rows: readonly number[]): void {
    this.#kept = this.#kept.map((kept) => selected(this.#part, kept, rows));
  }

  fork(): KeyValueRoom {
    const other = new KeyValueRoom(this.#part);
    other.#kept = this.#kept.map(shared);
    return other;
  }

  [Symbol.dispose](): void {
    for (const kept of this.#kept) kept[Symbol.dispose]();
    this.#kept = [];
  }
}

const show = (shape: Shape): string => `[${shape.join(", ")}]`;
