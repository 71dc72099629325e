import type { DType, Random, RandomKey, Shape } from "@tenon/tensor";
import type { Plain } from "@tenon/tensor/testing";

import type { OpCall } from "../run-op.ts";

/** Where a random call of an op comes from. Small sizes for property tests, larger ones for tests of large shapes. */
export interface Draw {
  /** A size of an axis, from `least` (default 0) up. */
  size(least?: number): number;
  /** How many axes an array has, from `least` to `most`. */
  axes(least: number, most: number): number;
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number;
  flag(): boolean;
  /** For the values of arrays, which need not shrink. */
  readonly dice: Random;
}

/** A random call of each of some ops. */
export type Calls<Names extends string> = { readonly [K in Names]: (draw: Draw) => OpCall };

/** A shape of some axes. */
export const shapeOf = (draw: Draw, least = 0, most = 4, size = 0): number[] =>
  Array.from({ length: draw.axes(least, most) }, () => draw.size(size));

const array = (shape: Shape, dtype: DType, next: () => number): Plain => ({
  dtype,
  shape,
  data: Array.from({ length: shape.reduce((n, size) => n * size, 1) }, next),
});
/** Numbers between −3 and 3 that single precision holds exactly. */
export const reals = (draw: Draw, shape: Shape): Plain =>
  array(shape, "f32", () => Math.fround(6 * draw.dice.uniform() - 3));
/** Numbers between 0.25 and 3. */
export const magnitudes = (draw: Draw, shape: Shape): Plain =>
  array(shape, "f32", () => Math.fround(0.25 + 2.75 * draw.dice.uniform()));
/** Whole numbers from `from` to `to` − 1. */
export const wholes = (draw: Draw, shape: Shape, from: number, to: number): Plain =>
  array(shape, "i32", () => from + draw.dice.integer(to - from));
export const truths = (draw: Draw, shape: Shape): Plain => array(shape, "bool", () => draw.dice.integer(2));
export const keyOf = (draw: Draw): RandomKey => [
  draw.integer(-(2 ** 31), 2 ** 31 - 1),
  draw.integer(-(2 ** 31), 2 ** 31 - 1),
];
export const pick = <T>(draw: Draw, list: readonly T[]): T => list[draw.integer(0, list.length - 1)]!;

/** A shape that broadcasts to `shape`: some leading axes left out, some sizes 1. */
export function narrower(draw: Draw, shape: Shape): number[] {
  const kept = shape.slice(draw.integer(0, shape.length));
  return kept.map((size) => (draw.integer(0, 2) === 0 ? 1 : size));
}
