import type { Backend, Tensor } from "@tenon/tensor";

import type { Batch } from "../data/batch.ts";
import type { LanguageModel } from "./language-model.ts";
import { tokenLoss } from "./token-loss.ts";

const plain = tokenLoss();

/**
 * Masked language modelling: the mean of −log p(original token | the row around it) over the positions that were chosen for
 * prediction, in nats, []; 0 when none was. The model should see both sides, as an encoder of `@tenon/models` does.
 *
 * Throws `ConfigError` for an id outside of the model's vocabulary and `ShapeError` when the logits are not [b, t, v].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers for language understanding".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = { vocabulary: 2, forward: () => tensor([0, 0, 0, 0], [1, 2, 2], on) };
 * const batch: Batch = { inputs: Int32Array.of(1, 0), targets: Int32Array.of(0, -100), shape: [1, 2] };
 * const [loss] = await maskedLoss(model, batch, on).read(); // of the first position alone
 * console.log(loss!.toFixed(4), Math.log(2).toFixed(4)); // 0.6931 0.6931
 * ```
 */
export function maskedLoss(model: LanguageModel, batch: Batch, on: Backend): Tensor {
  return plain(model, batch, on);
}
