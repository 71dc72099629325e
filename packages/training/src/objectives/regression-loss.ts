import {
  type Backend,
  cast,
  ConfigError,
  mean,
  reshape,
  scoped,
  ShapeError,
  sizeOf,
  square,
  sub,
  tensor,
  type Tensor,
} from "@tenon/tensor";

import type { LabelledBatch } from "../data/batch.ts";
import { outputOf, type SequenceModel } from "./sequence-model.ts";

/**
 * Telling a number from a text, or several: the mean of (y − label)² over the batch and the numbers of each text, []. The model gives [b, n], or [b, 1] for labels
 * of shape [b]: an encoder of `@tenon/models` with `head: { kind: "classification", labels: n }`.
 *
 * Throws `ConfigError` for labels that are classes, and `ShapeError` when the model gives another number of numbers than the batch has labels.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding", section 4.1 (STS-B).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model: SequenceModel = { vocabulary: 9, forward: () => tensor([1, 2], [2, 1], on) };
 * const batch: LabelledBatch = { inputs: Int32Array.of(4, 5, 6, 7), labels: Float32Array.of(3, 2), shape: [2, 2] };
 * console.log(await regressionLoss(model, batch, on).read()); // Float32Array(1) [ 2 ]
 * ```
 */
export function regressionLoss(model: SequenceModel, batch: LabelledBatch, on: Backend): Tensor {
  return scoped(() => {
    const { labels, shape } = batch;
    if (!(labels instanceof Float32Array)) {
      throw new ConfigError(
        "regressionLoss: the labels of the batch are classes, where numbers are expected (a Float32Array); classificationLoss is for classes",
      );
    }
    const numbers = outputOf(model, batch, on);
    if (numbers.shape[0] !== shape[0] || sizeOf(numbers.shape) !== labels.length) {
      throw new ShapeError(
        `the model gave [${numbers.shape.join(", ")}] for ids [${shape.join(", ")}] with ${labels.length} labels; expected as many numbers as labels`,
        { got: numbers.shape, labels: labels.length },
      );
    }
    const given = cast(reshape(numbers, [labels.length]), "f32");
    return mean(square(sub(given, tensor(labels, [labels.length], on))));
  });
}
