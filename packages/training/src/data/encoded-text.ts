import { ConfigError } from "@tenon/tensor";

import type { Sequences } from "./batch.ts";
import { expectIds } from "./expect-ids.ts";
import { filledUp, paddedRows } from "./padded-rows.ts";

/**
 * A text, or a pair of texts, as a model reads it: with what a tokenizer's `encoding` puts around it.
 *
 * @example
 * ```ts
 * // [CLS] 7 [SEP] 8 9 [SEP]
 * const pair: EncodedText = { ids: [1, 7, 2, 8, 9, 2], segments: [0, 0, 0, 1, 1, 1] };
 * console.log(pair.ids.length); // 6
 * ```
 */
export interface EncodedText {
  readonly ids: ArrayLike<number>;
  /** Which of two texts each token belongs to. Default: the first. */
  readonly segments?: ArrayLike<number> | undefined;
}

/** A text that was checked. */
export interface EncodedRow {
  readonly ids: Int32Array;
  readonly segments: Int32Array | undefined;
}

/** Checks a text. `what` names it in an error. */
export function encodedRow(what: string, text: EncodedText): EncodedRow {
  const ids = expectIds(what, text.ids);
  if (ids.length === 0) throw new ConfigError(`${what} has no tokens; leave it out, or encode it with special tokens`);
  if (text.segments === undefined) return { ids, segments: undefined };
  expectOneForEach(what, "segments", text.segments, ids);
  return { ids, segments: expectIds(`${what}: segments`, text.segments) };
}

/** Throws `ConfigError` unless there is one for each token. */
export function expectOneForEach(
  what: string,
  kind: "segments" | "tags",
  given: ArrayLike<number>,
  ids: Int32Array,
): void {
  if (given.length === ids.length) return;
  throw new ConfigError(`${what} has ${ids.length} tokens and ${given.length} ${kind}; give one for each token`, {
    tokens: ids.length,
    [kind]: given.length,
  });
}

/** Texts side by side, filled up to the longest. There are segments where any text has them. */
export function encodedRows(rows: readonly EncodedRow[]): Sequences {
  const sequences = paddedRows(rows.map(({ ids }) => ids));
  if (rows.every(({ segments }) => segments === undefined)) return sequences;
  const segments = rows.map(({ ids, segments }) => segments ?? new Int32Array(ids.length));
  return { ...sequences, segments: filledUp(segments, sequences.shape[1], 0) };
}
