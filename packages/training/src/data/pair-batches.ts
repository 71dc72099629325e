import type { PairBatch } from "./batch.ts";
import { bucketed, type BucketOptions } from "./bucketed-batches.ts";
import type { EpochBatches } from "./epoch-batches.ts";
import { encodedRow, encodedRows, type EncodedText } from "./encoded-text.ts";

/**
 * Two texts that belong together: a question and its answer, a sentence and what follows from it, or twice the same one.
 *
 * @example
 * ```ts
 * const pair: TextPair = { first: { ids: [1, 7, 2] }, second: { ids: [1, 8, 9, 2] } };
 * console.log(pair.second.ids.length); // 4
 * ```
 */
export interface TextPair {
  readonly first: EncodedText;
  readonly second: EncodedText;
}

/** What {@link pairBatches} draws from. */
export interface PairBatchesOptions extends BucketOptions {
  readonly pairs: readonly TextPair[];
}

/**
 * Batches of pairs of texts of like lengths, for `contrastiveLoss`. Every pair comes once in an epoch, among others each time; see {@link bucketedBatches}. A pair is as
 * long as its longer text. Behind the shorter texts stands id 0, and `lengths` of both sides say where they end. A pure function of the step.
 *
 * The other pairs of a batch are the wrong answers of each: the more rows, the harder the task. So pairs that are right for each other should not be in the set twice.
 *
 * Throws `ConfigError` for a text without tokens, ids and segments that are none, and what `bucketedBatches` does.
 *
 * @example
 * ```ts
 * const pairs = [
 *   { first: { ids: [1, 7, 2] }, second: { ids: [1, 8, 9, 2] } },
 *   { first: { ids: [1, 5, 2] }, second: { ids: [1, 6, 2] } },
 * ];
 * const { first, second } = pairBatches({ pairs, rows: 2, random: random(1) })(0);
 * console.log(first.shape, second.shape); // [ 2, 3 ] [ 2, 4 ]
 * ```
 */
export function pairBatches(options: PairBatchesOptions): EpochBatches<PairBatch> {
  const { tokens, rows, random } = options;
  const pairs = options.pairs.map(({ first, second }, i) => ({
    first: encodedRow(`pairBatches: first text of pair ${i}`, first),
    second: encodedRow(`pairBatches: second text of pair ${i}`, second),
  }));
  const lengths = pairs.map(({ first, second }) => Math.max(first.ids.length, second.ids.length));
  const make = (examples: Int32Array): PairBatch => {
    const drawn = Array.from(examples, (i) => pairs[i]!);
    return {
      first: encodedRows(drawn.map(({ first }) => first)),
      second: encodedRows(drawn.map(({ second }) => second)),
    };
  };
  return bucketed({ caller: "pairBatches", thing: "pair" }, { lengths, tokens, rows, random, make });
}
