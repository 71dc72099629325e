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

/** Draws from the standard normal distribution that single precision holds exactly. */
export const floats = (shape: Shape, dice: Random): Plain => plain(shape, () => Math.fround(dice.normal()));
/** Numbers from 0.25 up. */
export const positive = (shape: Shape, dice: Random): Plain =>
  plain(shape, () => Math.fround(0.25 + Math.abs(dice.normal())));
/** Whole numbers from `from` to `to` − 1. */
export const integers = (shape: Shape, dice: Random, from: number, to: number): Plain =>
  plain(shape, () => from + dice.integer(to - from), "i32");
export const bools = (shape: Shape, dice: Random): Plain => plain(shape, () => dice.integer(2), "bool");

/** `index` with `n` at an axis. */
export const moved = (index: readonly number[], axis: number, n: number): number[] =>
  index.map((at, i) => (i === axis ? n : at));
export const total = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x, 0);
/** 0, 1, … n − 1 */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
