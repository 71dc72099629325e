import { ConfigError } from "@tenon/tensor";

/**
 * The positions of sequences that are padded in front: row i begins with `paddings[i]` tokens that do not count, and its first real token is at 0.
 * The padding is told to be at 0, too; what it holds reaches nobody behind a mask. For `Extent`, and models that take `positions`.
 *
 * Throws `ConfigError` unless each padding is a whole number from 0 up and leaves at least one token.
 *
 * @example
 * ```ts
 * console.log(positionsAfterPadding([0, 2], 4)); // [ [ 0, 1, 2, 3 ], [ 0, 0, 0, 1 ] ]
 * ```
 */
export function positionsAfterPadding(paddings: readonly number[], tokens: number): number[][] {
  return paddings.map((padding, row) => {
    if (!Number.isSafeInteger(padding) || padding < 0 || padding >= tokens) {
      throw new ConfigError(
        `positionsAfterPadding: row ${row} has ${tokens} tokens, so its padding must be a whole number from 0 to ${tokens - 1}, got ${padding}`,
        { row, padding, tokens },
      );
    }
    return Array.from({ length: tokens }, (_, i) => Math.max(0, i - padding));
  });
}

/**
 * The positions of documents that are packed into one sequence: each begins at 0. `documents` gives for each token which document it belongs to, one row
 * for each sequence; tokens of one document stand together.
 *
 * @example
 * ```ts
 * console.log(positionsInDocuments([[0, 0, 0, 1, 1]])); // [ [ 0, 1, 2, 0, 1 ] ]
 * ```
 */
export function positionsInDocuments(documents: readonly (readonly number[])[]): number[][] {
  return documents.map((row) => {
    let begin = 0;
    return row.map((document, i) => {
      if (i > 0 && document !== row[i - 1]) begin = i;
      return i - begin;
    });
  });
}
