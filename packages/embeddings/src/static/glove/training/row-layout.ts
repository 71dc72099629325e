/**
 * How the parameters of GloVe lie in memory. A word has a row, and so it has as a context:
 *
 *     w [d, to a multiple of 4] · sums of w's squared gradients [the same] · bias · sum of the bias's squared gradients · two unused numbers
 *
 * so that all that a pair changes lies in two places. First come the rows of the words, then those of the contexts: [2 v, row].
 */
export interface RowLayout {
  readonly vocabulary: number;
  readonly width: number;
  /** The width, in whole vectors of four numbers. */
  readonly padded: number;
  /** Numbers in a row. */
  readonly row: number;
  /** Numbers in all rows. */
  readonly length: number;
}

export function rowLayout(vocabulary: number, width: number): RowLayout {
  const padded = 4 * Math.ceil(width / 4);
  const row = 2 * padded + 4;
  return { vocabulary, width, padded, row, length: 2 * vocabulary * row };
}
