import { ConfigError, reshape, scoped, ShapeError, type Shape } from "@tenon/tensor";

import type { LabelledBatch } from "../data/batch.ts";
import { classScores, type ClassificationLossOptions } from "./class-scores.ts";
import type { Objective } from "./objective.ts";
import { outputOf, type SequenceModel } from "./sequence-model.ts";

/**
 * Telling classes of texts apart: the mean of −log p(label | text) over the rows that have a label, in nats, []; 0 when none has. With `labelSmoothing` ε and
 * `classWeights` w it is Σ ((1 − ε) · wᵧ · −log pᵧ + ε / c · Σᵢ wᵢ · −log pᵢ) / Σ wᵧ over the rows with labels y, as PyTorch's `cross_entropy`. Several batches of a step, and
 * those of `evaluate`, are weighed by their labels, whatever the classes weigh. The model gives logits
 * of shape [b, c]: an encoder of `@tenon/models` with `head: { kind: "classification", labels: c }`.
 *
 * Throws `ConfigError` unless 0 ≤ ε < 1 and all weights are above 0. The loss throws `ConfigError` for a label that is no class, labels that are no
 * classes at all, or another number of weights than classes, and `ShapeError` when the logits are not [b, c].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding", section 4.1.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model: SequenceModel = { vocabulary: 9, forward: () => tensor([0, 0, 0, 0], [2, 2], on) };
 * const batch: LabelledBatch = { inputs: Int32Array.of(4, 5, 6, 7), labels: Int32Array.of(1, -100), shape: [2, 2] };
 * const [loss] = await classificationLoss()(model, batch, on).read();
 * console.log(loss!.toFixed(4), Math.log(2).toFixed(4)); // 0.6931 0.6931
 * ```
 */
export function classificationLoss(options: ClassificationLossOptions = {}): Objective<SequenceModel, LabelledBatch> {
  const score = classScores("classificationLoss", options);
  return (model, batch, on) =>
    scoped(() => {
      const { labels, shape } = batch;
      if (!(labels instanceof Int32Array)) {
        throw new ConfigError(
          "classificationLoss: the labels of the batch are numbers, where classes are expected (an Int32Array); regressionLoss is for numbers",
        );
      }
      const logits = outputOf(model, batch, on);
      if (logits.rank !== 2 || logits.shape[0] !== shape[0]) throw wrongLogits(logits.shape, shape, "[b, c]");
      return score(logits, labels, on);
    });
}

/**
 * Telling classes of tokens apart, such as names of people and places: {@link classificationLoss} over all positions that have a target. The model gives logits
 * of shape [b, t, c]: an encoder of `@tenon/models` with `head: { kind: "token-classification", labels: c }`.
 *
 * Throws what `classificationLoss` throws, and `ShapeError` when the logits are not [b, t, c].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding", section 5.3.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model: SequenceModel = { vocabulary: 9, forward: () => tensor([0, 0, 0, 0, 0, 0], [1, 2, 3], on) };
 * const batch: Batch = { inputs: Int32Array.of(4, 5), targets: Int32Array.of(2, -100), shape: [1, 2] };
 * const [loss] = await tokenClassificationLoss()(model, batch, on).read();
 * console.log(loss!.toFixed(4), Math.log(3).toFixed(4)); // 1.0986 1.0986
 * ```
 */
export function tokenClassificationLoss(options: ClassificationLossOptions = {}): Objective<SequenceModel> {
  const score = classScores("tokenClassificationLoss", options);
  return (model, batch, on) =>
    scoped(() => {
      const [rows, length] = batch.shape;
      const logits = outputOf(model, batch, on);
      if (logits.rank !== 3 || logits.shape[0] !== rows || logits.shape[1] !== length) {
        throw wrongLogits(logits.shape, batch.shape, "[b, t, c]");
      }
      return score(reshape(logits, [rows * length, logits.shape[2]!]), batch.targets, on);
    });
}

function wrongLogits(got: Shape, ids: Shape, expected: string): ShapeError {
  const head = expected === "[b, c]" ? "classification" : "token-classification";
  return new ShapeError(
    `the model gave [${got.join(", ")}] for ids [${ids.join(", ")}]; expected logits ${expected}, as of an encoder with head: { kind: "${head}", labels: c }`,
    { got, ids },
  );
}
