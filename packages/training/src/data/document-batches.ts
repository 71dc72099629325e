import { ConfigError } from "@tenon/tensor";

import { type Batch, ignored } from "./batch.ts";
import { bucketedBatches } from "./bucketed-batches.ts";
import { type DocumentBatchesOptions, documentRows } from "./document-rows.ts";
import type { EpochBatches } from "./epoch-batches.ts";
import { filledUp, paddedRows } from "./padded-rows.ts";

/**
 * Batches for a model that predicts the next token, where texts begin and end: each row is a document, of like lengths in a batch. The
 * model reads begin, x₁ … xₙ and is asked for x₁ … xₙ, end. Every document comes once in an epoch; see {@link bucketedBatches}. Behind the
 * shorter rows stands id 0, whose targets are −100, and `lengths` says where the text ends. A pure function of the step. `packedBatches`
 * fills its rows with several documents instead.
 *
 * Throws `ConfigError` for ids that are no whole numbers from 0 up, no documents, one in which nothing is predicted, one that takes more
 * than `context` positions unless it is to be split, and fewer `tokens` than a document takes.
 *
 * @example
 * ```ts
 * const documents = [[5, 6, 7], [8], [9, 4]];
 * const batches = documentBatches({ documents, context: 8, tokens: 12, end: 2, random: random(1) });
 * const { inputs, targets, lengths, shape } = batches(0);
 * console.log(batches.perEpoch, shape, lengths); // 1 [ 3, 3 ] Int32Array(3) [ 2, 1, 3 ]
 * console.log(inputs, targets.subarray(0, 3)); // Int32Array(9) [ 9, 4, 0, 8, 0, 0, 5, 6, 7 ] Int32Array(3) [ 4, 2, -100 ]
 * ```
 */
export function documentBatches(options: DocumentBatchesOptions): EpochBatches<Batch> {
  const { tokens, random } = options;
  const rows = documentRows("documentBatches", options);
  const lengths = rows.map(({ inputs }) => inputs.length);
  const longest = lengths.reduce((a, b) => Math.max(a, b));
  if (longest > tokens) {
    throw new ConfigError(
      `documentBatches: a document takes ${longest} positions, and a batch may have ${tokens}; raise tokens, or lower context to have it refused or split`,
      { longest, tokens },
    );
  }
  return bucketedBatches({
    lengths,
    tokens,
    random,
    make: (examples) => {
      const chosen = Array.from(examples, (i) => rows[i]!);
      const padded = paddedRows(chosen.map(({ inputs }) => inputs));
      const targets = chosen.map((row) => row.targets);
      return { ...padded, targets: filledUp(targets, padded.shape[1], ignored) };
    },
  });
}
