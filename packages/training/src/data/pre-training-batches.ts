import { expectSize } from "@tenon/nn";
import { ConfigError, type Random } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import type { Batch } from "./batch.ts";
import { expectId } from "./expect-ids.ts";
import { masker, type Masking, nothingAsked } from "./masking.ts";
import { sentencePairs } from "./sentence-pairs.ts";

/** What {@link preTrainingBatches} makes pairs from, and how it masks them. */
export interface PreTrainingBatchesOptions extends Masking {
  /** Texts, each a list of sentences as token ids, in their order. Leave them unchanged. */
  readonly documents: readonly (readonly ArrayLike<number>[])[];
  /** Tokens in a row, those of the frame included: t. */
  readonly context: number;
  /** Pairs in a batch: b. */
  readonly batch: number;
  /** Where everything is drawn from; give training and held-out batches forks of their own. */
  readonly random: Random;
  /** The id that a row begins with, [CLS], whose vector tells of the pair. It is never masked. */
  readonly begin: number;
  /** The id behind each of the two, [SEP]. It is never masked. */
  readonly separator: number;
  /** The share of rows that aim at a random length instead of the longest. Default 0.1. */
  readonly shortShare?: number | undefined;
}

/**
 * Two pieces of text in each row, with masked words and the question whether they belong together.
 *
 * @example
 * ```ts
 * const batch: PreTrainingBatch = {
 *   inputs: Int32Array.of(1, 7, 3, 2, 8, 2), // [CLS] 7 [MASK] [SEP] 8 [SEP]
 *   targets: Int32Array.of(-100, -100, 9, -100, -100, -100),
 *   segments: Int32Array.of(0, 0, 0, 0, 1, 1),
 *   lengths: Int32Array.of(6),
 *   labels: Int32Array.of(0), // 8 did follow
 *   shape: [1, 6],
 * };
 * console.log(batch.labels.length === batch.shape[0]); // true
 * ```
 */
export interface PreTrainingBatch extends Batch {
  /** [b] labels: 0 where the second piece follows the first, 1 where it comes from another document, as in `transformers`. */
  readonly labels: Int32Array;
  readonly lengths: Int32Array;
  readonly segments: Int32Array;
}

/**
 * Batches as BERT is pre-trained on: [CLS] A [SEP] B [SEP], with words of both masked as {@link maskedBatches} does. A is one or more sentences that
 * begin anywhere in a document; B is what follows, in half of the rows, and else sentences of another document. Both together fill the context, or in
 * `shortShare` of the rows a random part of it; what is too long is cut at the front or end of the longer one, token by token. Segment 0 is the first
 * separator and all before it, 1 the rest. Behind a row's end stands id 0. A pure function of the step.
 *
 * BERT's code cuts a corpus into pairs once and writes ten maskings of them; here every step draws anew. A document of a single
 * sentence serves only as another document.
 *
 * Throws `ConfigError` for a context below 5, ids outside of the vocabulary, empty sentences, fewer than two documents, no document of two
 * sentences, a vocabulary of which nothing may be masked, and a share that is none.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding", section 3.1 and appendix A.2.
 *
 * @example
 * ```ts
 * const documents = [[[5, 6], [7, 8]], [[9, 10], [11, 12]]];
 * const batches = preTrainingBatches({
 *   documents, context: 7, batch: 3, random: random(1), vocabulary: 13, mask: 0, begin: 1, separator: 2,
 * });
 * const { segments, labels } = batches(0);
 * console.log(segments.subarray(0, 7), labels); // Int32Array(7) [ 0, 0, 0, 0, 1, 1, 1 ] Int32Array(3) [ 0, 1, 1 ]
 * ```
 */
export function preTrainingBatches(options: PreTrainingBatchesOptions): (step: number) => PreTrainingBatch {
  const { documents, context, batch, random, vocabulary, begin, separator, shortShare = 0.1, maskable } = options;
  const framing = new Set([begin, separator]);
  const maskRow = masker("preTrainingBatches", {
    ...options,
    maskable: (id) => !framing.has(id) && (maskable?.(id) ?? true),
  });
  expectSize("preTrainingBatches", "batch", batch);
  expectShare("preTrainingBatches", "shortShare", shortShare);
  expectId("preTrainingBatches", "begin", begin, vocabulary);
  expectId("preTrainingBatches", "separator", separator, vocabulary);
  expectSize("preTrainingBatches", "context", context);
  if (context < 5) {
    throw new ConfigError(
      `preTrainingBatches: a context of ${context} has no room for two tokens between three of the frame; use at least 5`,
      { context },
    );
  }
  const drawPair = sentencePairs({ documents, room: context - 3, shortShare, vocabulary });

  return (step) => {
    const stream = random.fork(step);
    const inputs = new Int32Array(batch * context);
    const segments = new Int32Array(batch * context);
    const targets = nothingAsked(batch * context);
    const lengths = new Int32Array(batch);
    const labels = new Int32Array(batch);
    for (let row = 0; row < batch; row++) {
      const { first, second, follows } = drawPair(stream);
      const at = row * context;
      const ids = [begin, ...first, separator, ...second, separator];
      const end = at + ids.length;
      inputs.set(ids, at);
      segments.fill(1, at + first.length + 2, end);
      maskRow(inputs.subarray(at, end), targets.subarray(at, end), stream);
      lengths[row] = ids.length;
      labels[row] = follows ? 0 : 1;
    }
    return { inputs, targets, segments, lengths, labels, shape: [batch, context] };
  };
}
