import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import type { TranslationBatch } from "./batch.ts";
import { bucketed, type BucketOptions } from "./bucketed-batches.ts";
import type { EpochBatches } from "./epoch-batches.ts";
import { expectId, expectIds } from "./expect-ids.ts";
import { translationBatchOf, type TranslationRow } from "./translation-rows.ts";

/**
 * A text and what it is to become, as token ids.
 *
 * @example
 * ```ts
 * const pair: TranslationPair = { source: [14, 7, 2], target: [9, 30] };
 * console.log(pair.target.length); // 2
 * ```
 */
export interface TranslationPair {
  /** As the model is to read it, with a mark at the end where it is to see one. */
  readonly source: ArrayLike<number>;
  /** Without marks: begin and end are put around it. */
  readonly target: ArrayLike<number>;
}

/** What {@link translationBatches} draws from. */
export interface TranslationBatchesOptions extends BucketOptions {
  /** An `Int32Array` in them is not copied: leave it unchanged. */
  readonly pairs: readonly TranslationPair[];
  /** The id that the decoder reads first. */
  readonly begin: number;
  /** The id that ends a target. */
  readonly end: number;
  /** Pairs with a side that takes more positions than this are left out, and `leftOut` says how many. Default: all are used. */
  readonly longest?: number | undefined;
}

/** What {@link translationBatches} gives. */
export interface TranslationBatches extends EpochBatches<TranslationBatch> {
  /** How many pairs were longer than `longest`. */
  readonly leftOut: number;
}

/**
 * Batches of pairs of like lengths for teacher forcing: the decoder reads begin, y₁ … yₙ, and is asked for y₁ … yₙ, end. Every pair comes
 * once in an epoch, in a new order and new company; see {@link bucketedBatches}. A pair takes as many positions as the longer of its source
 * and its target with one mark. Behind the shorter rows stands id 0, whose targets are −100, and `lengths` of both sides say where the text
 * ends. A pure function of the step.
 *
 * Throws `ConfigError` for ids that are no whole numbers from 0 up, a pair without a source, no pairs (left), a pair longer than `tokens`, and neither `tokens` nor `rows`.
 *
 * Sutskever et al. 2014, "Sequence to sequence learning with neural networks"; for the buckets, Vaswani et al. 2017, "Attention is all you need".
 *
 * @example
 * ```ts
 * const [begin, end] = [1, 2];
 * const pairs = [
 *   { source: [5, 6, 7, end], target: [8, 9] },
 *   { source: [5, 7, end], target: [8, 10, 11] },
 * ];
 * const batches = translationBatches({ pairs, rows: 2, begin, end, random: random(1) });
 * const { source, shape, inputs, targets } = batches(0);
 * console.log(source.shape, shape, batches.perEpoch); // [ 2, 4 ] [ 2, 4 ] 1
 * console.log(inputs.filter((id) => id === begin).length, targets.filter((id) => id === end).length); // 2 2
 * ```
 */
export function translationBatches(options: TranslationBatchesOptions): TranslationBatches {
  const { begin, end, longest } = options;
  expectId("translationBatches", "begin", begin);
  expectId("translationBatches", "end", end);
  if (longest !== undefined) expectSize("translationBatches", "longest", longest);
  const all = options.pairs.map((pair, i) => placed(pair, i, { begin, end }));
  const kept = [...all.keys()].filter((i) => positionsOf(all[i]!) <= (longest ?? Infinity));
  if (kept.length === 0) {
    const why = all.length === 0 ? "there is no pair" : `all ${all.length} pairs take more than ${longest} positions`;
    throw new ConfigError(`translationBatches: ${why}`, { pairs: all.length });
  }
  const { tokens, rows, random } = options;
  const batches = bucketed(
    { caller: "translationBatches", thing: "pair", numberOf: (example) => kept[example]! },
    {
      ...{ tokens, rows, random },
      lengths: kept.map((i) => positionsOf(all[i]!)),
      make: (examples) => translationBatchOf(Array.from(examples, (example) => all[kept[example]!]!)),
    },
  );
  return Object.assign(batches, { leftOut: all.length - kept.length });
}

const positionsOf = ({ source, inputs }: TranslationRow): number => Math.max(source.length, inputs.length);

function placed(
  { source, target }: TranslationPair,
  i: number,
  { begin, end }: { begin: number; end: number },
): TranslationRow {
  if (source.length === 0) {
    throw new ConfigError(
      `translationBatches: pair ${i} has no source; leave it out, or mark the end of every source`,
      { pair: i },
    );
  }
  const said = expectIds(`translationBatches: target of pair ${i}`, target);
  const whole = Int32Array.from([begin, ...said, end]);
  return {
    source: expectIds(`translationBatches: source of pair ${i}`, source),
    inputs: whole.subarray(0, -1),
    targets: whole.subarray(1),
  };
}
