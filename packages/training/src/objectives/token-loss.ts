import { type Backend, crossEntropy, ids, reshape, scoped, ShapeError, type Tensor } from "@tenon/tensor";

import { type Batch, ignored } from "../data/batch.ts";
import { sameShape } from "../same-shape.ts";
import type { LanguageModel } from "./language-model.ts";

/** The mean of −log p(target) over the positions that have a target. Causal and masked modelling differ in their batches only. */
export function tokenLoss(model: LanguageModel, batch: Batch, on: Backend): Tensor {
  const { vocabulary } = model;
  const { inputs, targets, lengths, shape } = batch;
  const [rows, length] = shape;
  return scoped(() => {
    const tokens = ids(inputs, shape, on, { limit: vocabulary });
    const options =
      lengths === undefined ? {} : { lengths: ids(lengths, [rows], on, { limit: length + 1, what: "length" }) };
    const logits = model.forward(tokens, options);
    const expected = [rows, length, vocabulary];
    if (!sameShape(logits.shape, expected)) {
      throw new ShapeError(
        `the model gave [${logits.shape.join(", ")}] for ids [${shape.join(", ")}]; expected logits [b, t, v] = [${expected.join(", ")}]`,
        { shape: logits.shape, expected },
      );
    }
    const right = ids(targets, [rows * length], on, { limit: vocabulary, what: "target id", ignore: ignored });
    return crossEntropy(reshape(logits, [rows * length, vocabulary]), right, { ignoreIndex: ignored });
  });
}
