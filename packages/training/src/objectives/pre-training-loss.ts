import { collectSideOutputs, type Part } from "@tenon/nn";
import { add, type Backend, ConfigError, scoped, type Tensor } from "@tenon/tensor";

import type { PreTrainingBatch } from "../data/pre-training-batches.ts";
import { classScores } from "./class-scores.ts";
import { outputOf, type SequenceModel } from "./sequence-model.ts";
import { scored, tokenScores } from "./token-scores.ts";

/**
 * What {@link preTrainingLoss} needs of a model: logits of words [b, t, v], beside which its head hands out logits of the pair, [b, 2]. An encoder of
 * `@tenon/models` with `head: { kind: "pre-training" }` is one.
 *
 * @example
 * ```ts
 * const spec = bert({ vocabulary: 60, context: 16, width: 8, layers: 1, heads: 2 });
 * const model: PreTrainingModel = assemble({ ...spec, head: { kind: "pre-training" } });
 * console.log(model.vocabulary); // 60
 * ```
 */
export interface PreTrainingModel extends SequenceModel {
  /** It hands the logits of the pair out, by `handOut` of `@tenon/nn`. */
  readonly head?: Part | undefined;
}

const plain = tokenScores("preTrainingLoss", {});
const scoreClasses = classScores("preTrainingLoss", {});

/**
 * What BERT is pre-trained by: the mean of −log p(original token) over the masked positions, and the mean of −log p(label) over the pairs, where
 * label 0 says that the second piece follows the first; their sum, in nats, []. Both come of one pass. Several batches of a step are
 * weighed by their masked words. Equal to the loss of `BertForPreTraining` of `transformers`.
 *
 * Throws `ConfigError` for a model whose head hands out nothing and for ids outside of the model's vocabulary, and `ShapeError` when the logits
 * are not [b, t, v] and [b, 2].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding", appendix A.2.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const spec = bert({ vocabulary: 60, context: 16, width: 8, layers: 1, heads: 2 });
 * const model = await assemble({ ...spec, head: { kind: "pre-training" } }).to(on);
 * const documents = [[[5, 6], [7, 8]], [[9, 10], [11, 12]]];
 * const batches = preTrainingBatches({
 *   documents, context: 7, batch: 3, random: random(1), vocabulary: 60, mask: 0, begin: 1, separator: 2,
 * });
 * const [loss] = await preTrainingLoss(model, batches(0), on).read();
 * console.log(loss!.toFixed(1), (Math.log(60) + Math.log(2)).toFixed(1)); // 5.0 4.8
 * ```
 */
export function preTrainingLoss(model: PreTrainingModel, batch: PreTrainingBatch, on: Backend): Tensor {
  return scoped(() => {
    const { result: words, sideOutputs } = collectSideOutputs(() => outputOf(model, batch, on));
    const [pairs] = sideOutputs.find(({ from }) => from === model.head)?.tensors ?? [];
    if (pairs === undefined) {
      throw new ConfigError(
        'preTrainingLoss: the head of the model hands out no logits of the pair; assemble it with head: { kind: "pre-training" }, or train words alone with maskedLoss',
      );
    }
    const { vocabulary } = model;
    return add(scored(words, batch, vocabulary, on, plain), scoreClasses(pairs, batch.labels, on));
  });
}
