import { ConfigError } from "@tenon/tensor";

import type { Cooccurrences } from "./counting/cooccurrences.ts";
import type { Glove } from "./glove.ts";
import { type GloveOptions, settleGlove, shuffleOptions } from "./glove-options.ts";
import { shufflePairs } from "./shuffling/shuffled-pairs.ts";
import { type GloveVocabulary, trainOnPairs } from "./training/train-on-pairs.ts";

/** What {@link trainOnCooccurrences} takes. */
export interface CooccurrenceTrainingOptions extends GloveOptions {
  readonly cooccurrences: Cooccurrences;
  /** The word of each id. */
  readonly vocabulary: GloveVocabulary;
}

/**
 * Word vectors of counts, as GloVe trains them: two vectors w and w̃ of each word, and a bias of each, so that
 *
 *     w_iᵀ w̃_j + b_i + b̃_j ≈ log X_ij      loss = Σ ½ f(X_ij) (w_iᵀ w̃_j + b_i + b̃_j − log X_ij)²      f(x) = min(1, (x / xMax)^α)
 *
 * over all pairs with X_ij > 0, in random order, by AdaGrad. As in the original program the sums of squared gradients begin with 1, and the
 * biases are trained with rate 1, without clipping. The counts are not released.
 *
 * Throws a ConfigError for options that cannot be, where there are no pairs or not memory enough, and where the loss is no finite number any
 * more; rejects as {@link trainGlove} does.
 *
 * Pennington, Socher and Manning 2014, "GloVe: Global Vectors for Word Representation".
 *
 * @example
 * ```ts
 * const text = Array.from({ length: 20 }, () => Int32Array.of(0, 1, -1, 1, 2, -1));
 * const cooccurrences = await countCooccurrences(text, { vocabulary: 3 });
 * const vocabulary = { words: ["the", "cat", "sat"] };
 * const { vectors, report } = await trainOnCooccurrences({ cooccurrences, vocabulary, vectors: { width: 4 } });
 * console.log(vectors.width, report.pairs, report.losses[24]! < report.losses[0]!); // 4 4 true
 * ```
 */
export async function trainOnCooccurrences(options: CooccurrenceTrainingOptions): Promise<Glove> {
  const { cooccurrences, vocabulary } = options;
  const settled = settleGlove("trainOnCooccurrences", options);
  if (vocabulary.words.length !== cooccurrences.vocabulary)
    throw new ConfigError(
      `trainOnCooccurrences: ${vocabulary.words.length} words, but counts of ${cooccurrences.vocabulary}; give the words whose ids were counted`,
      { words: vocabulary.words.length },
    );
  return trainOnPairs(await shufflePairs(cooccurrences, shuffleOptions(settled)), vocabulary, settled);
}
