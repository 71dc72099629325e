import { sizeOf, type Shape } from "@tenon/tensor";

/**
 * The values that new rows of a table begin with: for the shape of the new rows alone, [added, d] of a table or [added] of a bias, and
 * the values of all old rows, row-major. Every `Initial` is one: `normal(random, 0.02)`, `zeros`.
 *
 * @example
 * ```ts
 * const likeTheFirst: NewRows = (shape, old) => Array.from({ length: sizeOf(shape) }, (_, i) => old[i % shape[1]!]!);
 * ```
 */
export type NewRows = (shape: Shape, old: ArrayLike<number>) => ArrayLike<number>;

/**
 * Each new row is the mean of the old ones. Its logit is then the mean of theirs, so that among v tokens, old and new, a new one is at
 * first nowhere more likely than 1/v. Rows from a normal distribution around 0 can take nearly all probability.
 *
 * Hewitt 2021, "Initializing new word embeddings for pretrained language models".
 *
 * @example
 * ```ts
 * console.log(meanOfRows([1, 2], [0, 10, 4, 20])); // Float64Array(2) [ 2, 15 ]
 * ```
 */
export const meanOfRows: NewRows = (shape, old) => {
  const width = sizeOf(shape.slice(1));
  const mean = new Float64Array(width);
  for (let i = 0; i < old.length; i++) mean[i % width]! += old[i]!;
  for (let j = 0; j < width; j++) mean[j]! /= old.length / width;
  return Float64Array.from({ length: sizeOf(shape) }, (_, i) => mean[i % width]!);
};
