import { ConfigError, scoped } from "@tenon/tensor";

import type { Sequences, TranslationBatch } from "../data/batch.ts";
import type { Objective } from "./objective.ts";
import { scored, tokenScores, type TokenLossOptions } from "./token-scores.ts";
import type { Translator } from "./translator.ts";
import { uploadedLengths, uploadedTokens } from "./uploaded.ts";

/**
 * Translating with teacher forcing: the mean of −log p(yₜ | source, y₁ … yₜ₋₁) over the targets of the batch, in nats, [], where the model
 * is told the right tokens before and not its own. Options are those of `tokenLoss`: train with `labelSmoothing` 0.1, as Vaswani et al.,
 * and measure without.
 *
 * Throws `ConfigError` unless 0 ≤ `labelSmoothing` < 1. The loss throws `ConfigError` for an id outside of its side's vocabulary and
 * for segments or packed documents, and `ShapeError` when the logits are not [b, t, v].
 *
 * Williams and Zipser 1989, "A learning algorithm for continually running fully recurrent neural networks" (teacher forcing); Vaswani et al. 2017,
 * "Attention is all you need", section 5.4.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = { vocabulary: 4, sourceVocabulary: 9, forward: () => zeros([1, 2, 4], on) };
 * const batch: TranslationBatch = {
 *   source: { inputs: Int32Array.of(8, 5, 6), shape: [1, 3] },
 *   inputs: Int32Array.of(1, 3), // begin, 3
 *   targets: Int32Array.of(3, 2), // 3, end
 *   shape: [1, 2],
 * };
 * const [loss] = await translationLoss({ labelSmoothing: 0.1 })(model, batch, on).read();
 * console.log(loss!.toFixed(4), Math.log(4).toFixed(4)); // 1.3863 1.3863
 * ```
 */
export function translationLoss(options: TokenLossOptions = {}): Objective<Translator, TranslationBatch> {
  const scores = tokenScores("translationLoss", options);
  return (model, batch, on) =>
    scoped(() => {
      expectPlain(batch.source, "source");
      expectPlain(batch, "target");
      const { vocabulary, sourceVocabulary } = model;
      const source = uploadedTokens(batch.source, sourceVocabulary, on, "source token id");
      const sourceLengths = uploadedLengths(batch.source, on);
      const lengths = uploadedLengths(batch, on);
      const logits = model.forward(source, uploadedTokens(batch, vocabulary, on), {
        ...(sourceLengths && { sourceLengths }),
        ...(lengths && { lengths }),
      });
      return scored(logits, batch, vocabulary, on, scores);
    });
}

function expectPlain(sequences: Sequences, side: string): void {
  for (const what of ["segments", "documents"] as const) {
    if (sequences[what] === undefined) continue;
    throw new ConfigError(
      `translationLoss: the ${side} of the batch has ${what}, which a translator is not told of; leave them out, with one text to a row`,
      { side, what },
    );
  }
}
