import { ConfigError } from "@tenon/tensor";

import { expectSameLength } from "./scored.ts";

/**
 * Pearson's correlation of predicted and true numbers, from −1 to 1 (STS-B of GLUE):
 *
 *     r = Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² · Σ (y − ȳ)²)
 *
 * NaN where one side is the same number throughout: then there is none.
 *
 * Throws `ConfigError` for lists of different lengths or of fewer than two numbers, and for a number that is not finite.
 *
 * @example
 * ```ts
 * console.log(pearson([1, 2, 3, 4], [1, 3, 2, 5]).toFixed(4)); // 0.8315
 * ```
 */
export function pearson(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  expectPairs("pearson", predictions, targets);
  return correlation(Array.from(predictions), Array.from(targets));
}

/**
 * Spearman's correlation, from −1 to 1: Pearson's of the ranks, where equal numbers share the mean of theirs. It asks for the right
 * order only. NaN where one side is the same number throughout.
 *
 * Throws `ConfigError` for lists of different lengths or of fewer than two numbers, and for a number that is not finite.
 *
 * Spearman 1904, "The proof and measurement of association between two things".
 *
 * @example
 * ```ts
 * console.log(spearman([1, 2, 3, 4], [1, 4, 9, 16])); // 1
 * ```
 */
export function spearman(predictions: ArrayLike<number>, targets: ArrayLike<number>): number {
  expectPairs("spearman", predictions, targets);
  return correlation(ranks(predictions), ranks(targets));
}

function expectPairs(caller: string, predictions: ArrayLike<number>, targets: ArrayLike<number>): void {
  expectSameLength(caller, { predictions, targets });
  if (targets.length < 2) {
    const pairs = targets.length;
    throw new ConfigError(`${caller}: expected at least two pairs of numbers, got ${pairs}`, { pairs });
  }
  for (const [what, numbers] of Object.entries({ prediction: predictions, target: targets })) {
    const place = Array.prototype.findIndex.call(numbers, (each) => !Number.isFinite(each));
    if (place < 0) continue;
    const value = numbers[place];
    throw new ConfigError(`${caller}: the ${what} at place ${place} is not finite, but ${value}`, { place, value });
  }
}

function correlation(x: readonly number[], y: readonly number[]): number {
  // The same number throughout deviates by rounding from its own mean.
  if (isConstant(x) || isConstant(y)) return Number.NaN;
  const [u, v] = [centred(x), centred(y)];
  const r = dot(u, v) / Math.sqrt(dot(u, u) * dot(v, v));
  return Math.max(-1, Math.min(1, r));
}

const isConstant = (x: readonly number[]): boolean => x.every((each) => each === x[0]);
const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, each, i) => sum + each * y[i]!, 0);

function centred(x: readonly number[]): number[] {
  const mean = x.reduce((sum, each) => sum + each, 0) / x.length;
  return x.map((each) => each - mean);
}

/** The place of each number in ascending order, from 1; equal numbers share the mean of their places. */
function ranks(x: ArrayLike<number>): number[] {
  const order = Array.from(x, (value, place) => ({ value, place })).sort((a, b) => a.value - b.value);
  const result = Array<number>(x.length).fill(Number.NaN);
  for (let i = 0; i < order.length;) {
    let end = i + 1;
    while (end < order.length && order[end]!.value === order[i]!.value) end++;
    for (const { place } of order.slice(i, end)) result[place] = (i + 1 + end) / 2;
    i = end;
  }
  return result;
}
