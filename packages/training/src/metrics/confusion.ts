import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { scored, type ScoreOptions } from "./scored.ts";

/** What {@link confusion}, `f1` and `matthews` count. */
export interface ClassOptions extends ScoreOptions {
  /** How many classes there are. Default: up to the highest one among predictions and targets. */
  readonly classes?: number | undefined;
}

/**
 * How often each class was taken for each other: row by target, column by prediction, as in scikit-learn.
 *
 * Throws `ConfigError` when there are not as many predictions as targets, when no target counts, and for what is no class.
 *
 * @example
 * ```ts
 * console.log(confusion([0, 1, 1, 2], [0, 1, 2, 2])); // [ [ 1, 0, 0 ], [ 0, 1, 0 ], [ 0, 1, 1 ] ]
 * ```
 */
export function confusion(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: ClassOptions = {},
): number[][] {
  return confusionFor("confusion", predictions, targets, options);
}

/** The same for another caller. */
export function confusionFor(
  caller: string,
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  { classes, ...options }: ClassOptions,
): number[][] {
  if (classes !== undefined) expectSize(caller, "classes", classes);
  const places = scored(caller, predictions, targets, options);
  let highest = 0;
  for (const i of places) {
    expectClass(caller, "prediction", i, predictions[i]!, classes);
    expectClass(caller, "target", i, targets[i]!, classes);
    highest = Math.max(highest, predictions[i]!, targets[i]!);
  }
  const count = classes ?? highest + 1;
  const table = Array.from({ length: count }, () => Array<number>(count).fill(0));
  for (const i of places) table[targets[i]!]![predictions[i]!]! += 1;
  return table;
}

function expectClass(caller: string, what: string, place: number, value: number, classes: number | undefined): void {
  if (Number.isSafeInteger(value) && value >= 0 && value < (classes ?? Infinity)) return;
  const range = classes === undefined ? "from 0 up" : `from 0 to ${classes - 1}`;
  throw new ConfigError(
    `${caller}: the ${what} at place ${place} is no class: expected a whole number ${range}, got ${value}`,
    { place, value },
  );
}
