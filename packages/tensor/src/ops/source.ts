import type { Backend } from "../backend.ts";
import { ConfigError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import type { RandomKey } from "../random.ts";
import { checkShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

export const iotaOp: Primitive<[], { length: number; start: number }> = {
  kind: "primitive",
  name: "iota",
  gradient: null,
  dynamic: ["start"],
  infer: (_, { length, start }) => {
    checkShape([length]);
    if (!Number.isInteger(start)) throw new ConfigError(`iota: start must be a whole number, got ${start}`, { start });
    return { dtype: "i32", shape: [length] };
  },
};

/** The whole numbers start, start + 1, … : i32 [length]. Throws `ConfigError` for a start that is none. @example `iota(4, 0, on)` is [0, 1, 2, 3]. */
export function iota(length: number, start: number, on: Backend): Tensor {
  return apply(iotaOp, [], { length, start }, on);
}

export const uniformOp: Primitive<[], { shape: Shape; key: RandomKey; counter: number }> = {
  kind: "primitive",
  name: "uniform",
  gradient: null,
  dynamic: ["key", "counter"],
  infer: (_, { shape }) => {
    checkShape(shape);
    return { dtype: "f32", shape };
  },
};

/**
 * Random numbers in [0, 1), a pure function of key and counter: element i is the top 24 bits of word i mod 2 of Threefry's
 * block (⌊i / 2⌋, counter). The same bits on every backend.
 *
 * @example
 * ```ts
 * uniform([2, 3], random(7).key, 0, on);
 * ```
 */
export function uniform(shape: Shape, key: RandomKey, counter: number, on: Backend): Tensor {
  return apply(uniformOp, [], { shape, key, counter }, on);
}
