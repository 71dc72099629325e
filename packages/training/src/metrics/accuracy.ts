import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { scored, type ScoreOptions } from "./scored.ts";

/**
 * The share of predictions that are right, among the positions whose target counts. Of logits, take the predictions with `argMax`.
 *
 * Throws `ConfigError` when there are not as many predictions as targets, and when no target counts.
 *
 * @example
 * ```ts
 * const logits = tensor([2, 1, 0, 0, 3, 1, 0, 1, 9], [3, 3], cpu());
 * const targets = [0, 2, -100]; // the last position is padding
 * console.log(accuracy(await argMax(logits).read(), targets)); // 0.5
 * ```
 */
export function accuracy(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: ScoreOptions = {},
): number {
  const places = scored("accuracy", predictions, targets, options);
  return places.filter((i) => predictions[i] === targets[i]).length / places.length;
}

/**
 * The share of rows in which every prediction that counts is right. Predictions and targets are [b, t], row-major, in rows of `length`; a
 * row in which nothing counts is left out.
 *
 * Throws `ConfigError` when there are not as many predictions as targets, no whole number of rows, and when no target counts.
 *
 * @example
 * ```ts
 * // Of two rows of three, the first is right and the second is not.
 * console.log(sequenceAccuracy([4, 7, 1, 5, 5, 5], [4, 7, -100, 5, 6, 5], 3)); // 0.5
 * ```
 */
export function sequenceAccuracy(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  length: number,
  options: ScoreOptions = {},
): number {
  expectSize("sequenceAccuracy", "length", length);
  if (targets.length % length !== 0) {
    throw new ConfigError(
      `sequenceAccuracy: ${targets.length} targets are no whole number of rows of ${length}. Give the length of a row.`,
      { targets: targets.length, length },
    );
  }
  const places = scored("sequenceAccuracy", predictions, targets, options);
  const rowOf = (i: number): number => Math.floor(i / length);
  const rows = new Set(places.map(rowOf));
  const wrong = new Set(places.filter((i) => predictions[i] !== targets[i]).map(rowOf));
  return (rows.size - wrong.size) / rows.size;
}
