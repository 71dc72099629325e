import { ConfigError } from "@tenon/tensor";

import { type Batch, ignored } from "./batch.ts";
import { bucketed, type BucketOptions } from "./bucketed-batches.ts";
import type { EpochBatches } from "./epoch-batches.ts";
import { encodedRow, encodedRows, type EncodedText, expectOneForEach } from "./encoded-text.ts";
import { filledUp } from "./padded-rows.ts";

/**
 * A text with what is to be told about each token.
 *
 * @example
 * ```ts
 * // [CLS] Finn the fox [SEP]: the name is of class 1, and of [CLS] and [SEP] nothing is asked.
 * const text: TaggedText = { ids: [1, 7, 8, 9, 2], tags: [-100, 1, 0, 0, -100] };
 * console.log(text.ids.length === text.tags.length); // true
 * ```
 */
export interface TaggedText extends EncodedText {
  /** The class of each token, from 0 up; −100 where none is asked for. */
  readonly tags: ArrayLike<number>;
}

/** What {@link taggedBatches} draws from. */
export interface TaggedBatchesOptions extends BucketOptions {
  readonly texts: readonly TaggedText[];
}

/**
 * Batches of texts of like lengths with a class for each token, for `tokenClassificationLoss`. Every text comes once in an epoch; see {@link bucketedBatches}. Behind the
 * shorter texts stands id 0, of which nothing is asked. A pure function of the step.
 *
 * Throws `ConfigError` for a text without tokens, ids, segments and tags that are none or not one for each token, and what `bucketedBatches` does.
 *
 * @example
 * ```ts
 * const texts = [
 *   { ids: [1, 7, 8, 2], tags: [-100, 1, 0, -100] },
 *   { ids: [1, 7, 2], tags: [-100, 1, -100] },
 * ];
 * const { targets, shape } = taggedBatches({ texts, rows: 2, random: random(1) })(0);
 * console.log(shape, targets.filter((tag) => tag !== -100).toSorted()); // [ 2, 4 ] Int32Array(3) [ 0, 1, 1 ]
 * ```
 */
export function taggedBatches(options: TaggedBatchesOptions): EpochBatches<Batch> {
  const { tokens, rows, random } = options;
  const texts = options.texts.map((text, i) => {
    const what = `taggedBatches: text ${i}`;
    const row = encodedRow(what, text);
    expectOneForEach(what, "tags", text.tags, row.ids);
    return { ...row, tags: expectTags(what, text.tags) };
  });
  const make = (examples: Int32Array): Batch => {
    const drawn = Array.from(examples, (i) => texts[i]!);
    const sequences = encodedRows(drawn);
    const tags = drawn.map((text) => text.tags);
    return { ...sequences, targets: filledUp(tags, sequences.shape[1], ignored) };
  };
  return bucketed(
    { caller: "taggedBatches", thing: "text" },
    { lengths: texts.map(({ ids }) => ids.length), tokens, rows, random, make },
  );
}

function expectTags(what: string, tags: ArrayLike<number>): Int32Array {
  for (let i = 0; i < tags.length; i++) {
    const tag = tags[i]!;
    if (tag === ignored || (Number.isInteger(tag) && tag >= 0)) continue;
    throw new ConfigError(`${what}: tag ${tag} at place ${i} must be a whole number from 0 up, or -100 for none`, {
      tag,
      place: i,
    });
  }
  return Int32Array.from(tags);
}
