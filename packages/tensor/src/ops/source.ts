import type { Backend } from "../backend.ts";
import { ConfigError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { checkKey, type RandomKey } from "../random.ts";
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

/**
 * The whole numbers start, start + 1, …: i32 [length]. Throws `ConfigError` for a start that is no whole number and `ShapeError` for a
 * length that is no size.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * console.log(await iota(4, 1, cpu()).read()); // Int32Array(4) [ 1, 2, 3, 4 ]
 * ```
 */
export function iota(length: number, start: number, on: Backend): Tensor {
  return apply(iotaOp, [], { length, start }, on);
}

export const uniformOp: Primitive<[], { shape: Shape; key: RandomKey; counter: number }> = {
  kind: "primitive",
  name: "uniform",
  gradient: null,
  dynamic: ["key", "counter"],
  infer: (_, { shape, key, counter }) => {
    checkShape(shape);
    checkKey("uniform", key, counter);
    return { dtype: "f32", shape };
  },
};

/**
 * Random numbers in [0, 1) as f32 of the given shape, a pure function of key and counter: element i is the top 24 bits of word i mod 2 of
 * Threefry's block (⌊i / 2⌋, counter). The same bits on every backend. Throws `ShapeError` for a shape that is none
 * and `ConfigError` for a key or a counter that is none.
 *
 * Gradient: none.
 *
 * Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
 *
 * @example
 * ```ts
 * const { key } = random(7);
 * console.log(await uniform([2], key, 0, cpu()).read()); // Float32Array(2) [ 0.9084802269935608, 0.7352802157402039 ]
 * ```
 */
export function uniform(shape: Shape, key: RandomKey, counter: number, on: Backend): Tensor {
  return apply(uniformOp, [], { shape, key, counter }, on);
}
