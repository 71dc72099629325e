/**
 * The examples of one step, on the host: `rows` sequences of `length` positions, row-major.
 *
 * @example
 * ```ts
 * // Two rows of three; the second has only two tokens, and of each row one position is predicted.
 * const batch: Batch = {
 *   inputs: Int32Array.of(5, 1, 7, 5, 1, 0),
 *   targets: Int32Array.of(-100, 6, -100, -100, 6, -100),
 *   lengths: Int32Array.of(3, 2),
 *   shape: [2, 3],
 * };
 * console.log(batch.inputs.length === batch.shape[0] * batch.shape[1]); // true
 * ```
 */
export interface Batch {
  /** Ids that the model sees. */
  readonly inputs: Int32Array;
  /** The id that is right at each position; −100 where none is asked for. */
  readonly targets: Int32Array;
  /** How many positions of each row are text; the rest is padding. Absent: all. */
  readonly lengths?: Int32Array;
  readonly shape: readonly [rows: number, length: number];
}

/**
 * Batches by the number of steps done before: a pure function, so that a run can go on anywhere with nothing remembered.
 *
 * @example
 * ```ts
 * const batches: Batches = causalBatches({ ids: [1, 2, 3, 4, 5], context: 2, batch: 1, random: random(1) });
 * console.log(batches(7).inputs, batches(7).inputs); // Int32Array(2) [ 1, 2 ] Int32Array(2) [ 1, 2 ]
 * ```
 */
export type Batches = (step: number) => Batch;

/** The target at positions where nothing is predicted, as in PyTorch. */
export const ignored = -100;

/** How many tokens of text a batch holds. */
export function countTokens({ lengths, shape }: Batch): number {
  return lengths === undefined ? shape[0] * shape[1] : lengths.reduce((total, length) => total + length, 0);
}
