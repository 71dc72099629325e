import { type ClassOptions, confusionFor } from "./confusion.ts";

/** Precision, recall and F₁, each by class, and the two means of F₁. */
export interface F1Score {
  /** Of what was taken for the class, the share that is of it; 0 where nothing was. */
  readonly precision: readonly number[];
  /** Of what is of the class, the share that was taken for it; 0 where nothing is. */
  readonly recall: readonly number[];
  readonly perClass: readonly number[];
  /** The mean over the classes that occur, among targets or predictions. */
  readonly macro: number;
  /** Over all decisions at once: the accuracy, where each target has one class. */
  readonly micro: number;
}

/**
 * F₁ = 2 · precision · recall / (precision + recall) by class, with its macro and micro mean, as scikit-learn gives them. For a task of
 * yes and no (MRPC and QQP of GLUE) it is `perClass[1]`.
 *
 * Throws `ConfigError` when there are not as many predictions as targets, when no target counts, and for what is no class.
 *
 * @example
 * ```ts
 * const { perClass, macro, micro } = f1([0, 1, 1, 2], [0, 1, 2, 2]);
 * console.log(perClass.map((each) => each.toFixed(2)), macro.toFixed(2), micro); // [ '1.00', '0.67', '0.67' ] 0.78 0.75
 * ```
 */
export function f1(predictions: ArrayLike<number>, targets: ArrayLike<number>, options: ClassOptions = {}): F1Score {
  const table = confusionFor("f1", predictions, targets, options);
  const right = table.map((row, i) => row[i]!);
  const actual = table.map(sum);
  const predicted = table.map((_, i) => sum(table.map((row) => row[i]!)));
  const perClass = right.map((count, i) => ratio(2 * count, actual[i]! + predicted[i]!));
  const occurring = perClass.filter((_, i) => actual[i]! + predicted[i]! > 0);
  return {
    precision: right.map((count, i) => ratio(count, predicted[i]!)),
    recall: right.map((count, i) => ratio(count, actual[i]!)),
    perClass,
    macro: sum(occurring) / occurring.length,
    micro: sum(right) / sum(actual),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
