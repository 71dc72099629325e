import { ignored, type TranslationBatch } from "./batch.ts";
import { filledUp, paddedRows } from "./padded-rows.ts";

/** One row of a batch, before padding: what the encoder reads, what the decoder has read at each place, and what comes next. */
export interface TranslationRow {
  readonly source: Int32Array;
  readonly inputs: Int32Array;
  readonly targets: Int32Array;
}

/** A batch of rows: source and target filled up, each to its own longest. */
export function translationBatchOf(rows: readonly TranslationRow[]): TranslationBatch {
  const inputs = paddedRows(rows.map((row) => row.inputs));
  const targets = rows.map((row) => row.targets);
  return {
    source: paddedRows(rows.map((row) => row.source)),
    ...inputs,
    targets: filledUp(targets, inputs.shape[1], ignored),
  };
}
