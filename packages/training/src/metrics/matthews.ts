import { type ClassOptions, confusionFor } from "./confusion.ts";

/**
 * Matthews' correlation of predictions and targets, from −1 to 1: 0 for guessing, however unequal the classes are (CoLA of GLUE). For more
 * than two classes, Gorodkin's R_K, as in scikit-learn:
 *
 *     (c · n − Σ pₖ tₖ) / √((n² − Σ pₖ²) · (n² − Σ tₖ²))
 *
 * of n decisions c are right; pₖ were for class k, and tₖ should have been. 0 where all predictions or all targets are of one class.
 *
 * Throws `ConfigError` when there are not as many predictions as targets, when no target counts, and for what is no class.
 *
 * Matthews 1975, "Comparison of the predicted and observed secondary structure of T4 phage lysozyme"; Gorodkin 2004, "Comparing two
 * K-category assignments by a K-category correlation coefficient".
 *
 * @example
 * ```ts
 * console.log(matthews([1, 1, 0, 1], [1, 1, 0, 0]).toFixed(4)); // 0.5774
 * ```
 */
export function matthews(
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  options: ClassOptions = {},
): number {
  const table = confusionFor("matthews", predictions, targets, options);
  let right = 0;
  let all = 0;
  let both = 0;
  let predictedSquared = 0;
  let actualSquared = 0;
  for (let k = 0; k < table.length; k++) {
    const actual = table[k]!.reduce((total, each) => total + each, 0);
    const predicted = table.reduce((total, row) => total + row[k]!, 0);
    right += table[k]![k]!;
    all += actual;
    both += predicted * actual;
    predictedSquared += predicted ** 2;
    actualSquared += actual ** 2;
  }
  const spread = (all ** 2 - predictedSquared) * (all ** 2 - actualSquared);
  return spread === 0 ? 0 : (right * all - both) / Math.sqrt(spread);
}
