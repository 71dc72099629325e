import type { DType } from "../dtype.ts";
import type { Random } from "../random.ts";
import type { Shape } from "../shape.ts";

/** An array written out: what a test starts from and what it expects. Its numbers are doubles. */
export interface Plain {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly data: readonly number[];
}

/** Every index of a shape, in row-major order. */
export function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, size) => all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i])),
    [[]],
  );
}

/** The array whose element at each index is `f(index)`. */
export function plain(shape: Shape, f: (index: readonly number[]) => number, dtype: DType = "f32"): Plain {
  return { dtype, shape, data: indices(shape).map(f) };
}

/** The element of x at an index of a shape that x broadcasts to; a number is itself everywhere. */
export function at(x: Plain | number, index: readonly number[]): number {
  if (typeof x === "number") return x;
  const skipped = index.length - x.shape.length;
  const flat = x.shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[skipped + axis]!), 0);
  return x.data[flat]!;
}

/**
 * `n` of the odd multiples of 1/64 between two multiples of 1/4, each once as long as they last. Eight significant bits, so that every
 * float dtype holds them exactly; never 0 and never equal, where the slopes of maxima and absolute values jump.
 */
function odd(n: number, low: number, high: number, dice: Random): number[] {
  const all = upTo((high - low) * 32).map((i) => low + (2 * i + 1) / 64);
  return Array.from({ length: Math.ceil(n / all.length) }, () => dice.shuffle(all))
    .flat()
    .slice(0, n);
}
const drawn = (shape: Shape, low: number, high: number, dice: Random): Plain => ({
  dtype: "f32",
  shape,
  data: odd(
    shape.reduce((n, size) => n * size, 1),
    low,
    high,
    dice,
  ),
});
/** Numbers between −3 and 3, all different in a small array, which f32, f16 and bf16 hold exactly. */
export const floats = (shape: Shape, dice: Random): Plain => drawn(shape, -3, 3, dice);
/** The same from 0.25 to 3.25. */
export const positive = (shape: Shape, dice: Random): Plain => drawn(shape, 0.25, 3.25, dice);
/** Whole numbers from `from` to `to` − 1, as i32. */
export const integers = (shape: Shape, dice: Random, from: number, to: number): Plain =>
  plain(shape, () => from + dice.integer(to - from), "i32");
/** Truths at random, as bool. */
export const bools = (shape: Shape, dice: Random): Plain => plain(shape, () => dice.integer(2), "bool");

/** `index` with `n` at an axis. */
export const moved = (index: readonly number[], axis: number, n: number): number[] =>
  index.map((at, i) => (i === axis ? n : at));
/** The sum of all of them. */
export const total = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0);
/** 0, 1, … n − 1 */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
