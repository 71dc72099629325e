import { ConfigError, type Random } from "@tenon/tensor";

import { type Batch, ignored } from "./batch.ts";
import { bestFit } from "./best-fit.ts";
import { type DocumentBatchesOptions, type DocumentRow, documentRows } from "./document-rows.ts";
import { epochBatches, type EpochBatches } from "./epoch-batches.ts";

/**
 * Batches for a model that predicts the next token, in rows of `context` positions that several documents share: nearly nothing is padding.
 * Each document is read and predicted as in `documentBatches`; `documents` numbers those of a row from 0, and a model whose positions begin
 * anew with each, and in which none sees another, has the same loss. The decoders of `@tenon/models` do so. Behind the last document of a
 * row stands id 0, with the next number and targets −100, and `lengths` says where it begins.
 *
 * Documents go into rows by best-fit decreasing; in each epoch anew, those of the same length change places, and rows and batches are
 * shuffled. A batch has ⌊tokens / context⌋ rows; one of an epoch may have fewer. Every document comes once in an epoch. A pure function of
 * the step.
 *
 * Throws `ConfigError` for ids that are no whole numbers from 0 up, no documents, one in which nothing is predicted, one that takes more
 * than `context` positions unless it is to be split, and fewer `tokens` than `context`.
 *
 * Krell et al. 2021, "Efficient sequence packing without cross-contamination: accelerating large language models without impacting performance".
 *
 * @example
 * ```ts
 * const documents = [[5, 6, 7], [8], [9, 4]];
 * const batches = packedBatches({ documents, context: 6, tokens: 6, end: 2, random: random(1) });
 * const { inputs, targets, documents: numbers } = batches(0);
 * console.log(inputs); // Int32Array(6) [ 9, 4, 8, 5, 6, 7 ]
 * console.log(targets); // Int32Array(6) [ 4, 2, 2, 6, 7, 2 ]
 * console.log(numbers); // Int32Array(6) [ 0, 0, 1, 2, 2, 2 ]
 * ```
 */
export function packedBatches(options: DocumentBatchesOptions): EpochBatches<Batch> {
  const { context, tokens, random } = options;
  // Longest first, as bestFit takes them; in an epoch those of the same length change places.
  const documents = documentRows("packedBatches", options).sort(longestFirst);
  const perBatch = Math.floor(tokens / context);
  if (perBatch === 0) {
    throw new ConfigError(
      `packedBatches: a row has ${context} positions, and a batch may have ${tokens}; raise tokens, or lower context`,
      { context, tokens },
    );
  }
  const pack = (order: readonly DocumentRow[]): DocumentRow[][] =>
    bestFit(
      order.map(({ inputs }) => inputs.length),
      context,
    ).map((row) => row.map((place) => order[place]!));
  const plan = (stream: Random): DocumentRow[][][] => {
    const rows = pack(stream.shuffle(documents).sort(longestFirst)).map((row) => stream.shuffle(row));
    const order = stream.shuffle(rows);
    return stream.shuffle(
      Array.from({ length: Math.ceil(rows.length / perBatch) }, (_, i) =>
        order.slice(i * perBatch, (i + 1) * perBatch),
      ),
    );
  };
  const perEpoch = Math.ceil(pack(documents).length / perBatch);
  return epochBatches({ perEpoch, random, plan, make: (rows) => packed(rows, context) });
}

const longestFirst = (a: DocumentRow, b: DocumentRow): number => b.inputs.length - a.inputs.length;

function packed(rows: readonly (readonly DocumentRow[])[], context: number): Batch {
  const all = rows.length * context;
  const [inputs, targets, documents] = [new Int32Array(all), new Int32Array(all).fill(ignored), new Int32Array(all)];
  const lengths = rows.map((row, i) => {
    let at = i * context;
    for (const [number, document] of row.entries()) {
      inputs.set(document.inputs, at);
      targets.set(document.targets, at);
      documents.fill(number, at, at + document.inputs.length);
      at += document.inputs.length;
    }
    documents.fill(row.length, at, (i + 1) * context);
    return at - i * context;
  });
  return {
    ...{ inputs, targets, documents },
    shape: [rows.length, context],
    ...(lengths.some((length) => length < context) && { lengths: Int32Array.from(lengths) }),
  };
}
