import { ConfigError } from "@tenon/tensor";

import { ignored, type LabelledBatch } from "./batch.ts";
import { bucketed, type BucketOptions } from "./bucketed-batches.ts";
import type { EpochBatches } from "./epoch-batches.ts";
import { type EncodedRow, encodedRow, encodedRows, type EncodedText } from "./encoded-text.ts";

/**
 * A text with what is to be told about it: a class, or numbers.
 *
 * @example
 * ```ts
 * const funny: LabelledText = { ids: [1, 7, 8, 2], label: 3 };
 * const similarity: LabelledText = { ids: [1, 7, 2, 8, 2], segments: [0, 0, 0, 1, 1], numbers: [4.5] };
 * console.log("label" in funny, "label" in similarity); // true false
 * ```
 */
export type LabelledText = EncodedText & (Labelled | Measured);

/** Of a class. */
interface Labelled {
  /** A class, from 0 up; −100 where none is known. */
  readonly label: number;
}
/** With numbers, equally many for all texts. */
interface Measured {
  readonly numbers: ArrayLike<number>;
}

/** What may be told about a text. */
type Told = Partial<Labelled & Measured>;

/** What {@link labelledBatches} draws from. */
export interface LabelledBatchesOptions extends BucketOptions {
  /** Texts with classes, or texts with numbers. */
  readonly texts: readonly LabelledText[];
}

/**
 * Batches of texts of like lengths with their classes, for `classificationLoss`, or with numbers, for `regressionLoss`. Every text comes once in an epoch, in a new order
 * and new company; see {@link bucketedBatches}. Behind the shorter texts stands id 0, and `lengths` say where they end. A pure function of the step.
 *
 * Throws `ConfigError` for a text without tokens or of which nothing is told, ids, segments and classes that are none, numbers that are not finite or not equally
 * many, classes and numbers mixed, and what `bucketedBatches` does.
 *
 * @example
 * ```ts
 * const texts = [
 *   { ids: [1, 7, 8, 2], label: 0 },
 *   { ids: [1, 9, 2], label: 1 },
 * ];
 * const batches = labelledBatches({ texts, rows: 2, random: random(1) });
 * const { shape, labels } = batches(0);
 * console.log(shape, labels.toSorted(), batches.perEpoch); // [ 2, 4 ] Int32Array(2) [ 0, 1 ] 1
 * ```
 */
export function labelledBatches(options: LabelledBatchesOptions): EpochBatches<LabelledBatch> {
  const { texts, tokens, rows, random } = options;
  const encoded = texts.map((text, i) => encodedRow(`labelledBatches: text ${i}`, text));
  const labelsOf = labelsBy(texts);
  const make = (examples: Int32Array): LabelledBatch => ({
    ...encodedRows(Array.from(examples, (i): EncodedRow => encoded[i]!)),
    labels: labelsOf(examples),
  });
  return bucketed(
    { caller: "labelledBatches", thing: "text" },
    { lengths: encoded.map(({ ids }) => ids.length), tokens, rows, random, make },
  );
}

/** Checks all labels, and returns what lays those of a batch side by side. */
function labelsBy(texts: readonly LabelledText[]): (examples: Int32Array) => Int32Array | Float32Array {
  const classes = texts.flatMap(({ label }: Told) => (label === undefined ? [] : [label]));
  const numbers = texts.flatMap(({ numbers }: Told) => (numbers === undefined ? [] : [Float32Array.from(numbers)]));
  if (classes.length > 0 && numbers.length > 0) {
    throw new ConfigError(
      `labelledBatches: ${classes.length} texts have a label and ${numbers.length} have numbers; make batches of each kind`,
      { labels: classes.length, numbers: numbers.length },
    );
  }
  const silent = texts.findIndex(({ label, numbers }: Told) => label === undefined && numbers === undefined);
  if (silent >= 0) {
    throw new ConfigError(
      `labelledBatches: text ${silent} has neither a label nor numbers; leave it out, or give it the label -100`,
      { text: silent },
    );
  }
  classes.forEach(expectClass);
  numbers.forEach((each, i) => expectNumbers(each, i, numbers[0]!.length));
  return classes.length > 0
    ? (examples) => Int32Array.from(examples, (i) => classes[i]!)
    : (examples) => Float32Array.from(Array.from(examples).flatMap((i) => [...numbers[i]!]));
}

function expectClass(label: number, i: number): void {
  if (label === ignored || (Number.isInteger(label) && label >= 0)) return;
  throw new ConfigError(
    `labelledBatches: the label of text ${i} must be a class, a whole number from 0 up, or -100 for none, got ${label}; numbers to be told go by the name of numbers`,
    { text: i, label },
  );
}

function expectNumbers(numbers: Float32Array, i: number, count: number): void {
  if (numbers.length === count && count > 0 && numbers.every(Number.isFinite)) return;
  throw new ConfigError(
    `labelledBatches: the numbers of text ${i} must be finite, and as many as the first text has, at least one; got [${numbers.join(", ")}], and the first has ${count}`,
    { text: i, count },
  );
}
