import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import type { Batch } from "./batch.ts";
import { expectIds } from "./expect-ids.ts";
import { masker, type Masking, nothingAsked } from "./masking.ts";
import { expectWindow, type WindowOptions } from "./windows.ts";

/** What {@link maskedBatches} cuts its windows from, and how it masks them. */
export interface MaskedBatchesOptions extends WindowOptions, Masking {
  /** The share of rows that are cut to a random length from 2 to t − 1, so that the model meets padding. Default 0. */
  readonly shortShare?: number | undefined;
}

/**
 * Batches for a model that predicts masked tokens. In each row, `rate` of the tokens that may be masked (rounded, at least one)
 * are chosen; of these, 80 % become the mask, 10 % a random token and 10 % stay as they are. Their targets are what they were; all
 * other targets are −100. Behind a shortened row stands id 0, and `lengths` says where the text ends; without
 * `shortShare` there are no `lengths`. A pure function of the step.
 *
 * With `continues` it is whole words that are chosen: all pieces of one are predicted, each disguised for itself, as in BERT's code. Words that
 * would make it more tokens than `rate` are passed over, unless nothing would be left to predict.
 *
 * Throws `ConfigError` for a text shorter than one window, an id outside of the vocabulary, a vocabulary of which nothing may be
 * masked, a share that is none, and short rows of a context below 3.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding", section 3.1; whole words: the
 * published code's models of May 2019.
 *
 * @example
 * ```ts
 * const ids = Array.from({ length: 1000 }, (_, i) => i % 50);
 * const batches = maskedBatches({ ids, context: 20, batch: 4, random: random(1), vocabulary: 51, mask: 50 });
 * // 15 % of 20, in each of 4 rows:
 * console.log(batches(0).targets.filter((id) => id !== -100).length); // 12
 * ```
 */
export function maskedBatches(options: MaskedBatchesOptions): (step: number) => Batch {
  const { context, batch, random, vocabulary, shortShare = 0 } = options;
  expectSize("maskedBatches", "vocabulary", vocabulary);
  const ids = expectIds("maskedBatches", options.ids, vocabulary);
  expectWindow("maskedBatches", options, ids.length, 0);
  const maskRow = masker("maskedBatches", options);
  expectShare("maskedBatches", "shortShare", shortShare);
  if (shortShare > 0 && context < 3) {
    throw new ConfigError(
      `maskedBatches: a window of ${context} has no shorter length from 2 up. Use a context of at least 3, or a shortShare of 0.`,
      { context, shortShare },
    );
  }
  return (step) => {
    const stream = random.fork(step);
    const inputs = new Int32Array(batch * context);
    const targets = nothingAsked(batch * context);
    const lengths = new Int32Array(batch).fill(context);
    for (let row = 0; row < batch; row++) {
      const start = stream.integer(ids.length - context + 1);
      if (shortShare > 0 && stream.uniform() < shortShare) lengths[row] = 2 + stream.integer(context - 2);
      const at = row * context;
      const end = at + lengths[row]!;
      inputs.set(ids.subarray(start, start + lengths[row]!), at);
      maskRow(inputs.subarray(at, end), targets.subarray(at, end), stream);
    }
    return { inputs, targets, shape: [batch, context], ...(shortShare > 0 && { lengths }) };
  };
}
