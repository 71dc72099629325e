import type { Backend, Tensor } from "@tenon/tensor";

import type { Batch } from "../data/batch.ts";
import type { LanguageModel } from "./language-model.ts";
import { tokenLoss } from "./token-loss.ts";

const plain = tokenLoss();

/**
 * Causal language modelling: the mean of −log p(next token | tokens up to here) over the batch, in nats, []. The model must not
 * look ahead; a decoder of `@tenon/models` does not.
 *
 * Throws `ConfigError` for an id outside of the model's vocabulary and `ShapeError` when the logits are not [b, t, v].
 *
 * Radford et al. 2018, "Improving language understanding by generative pre-training".
 *
 * @example
 * ```ts
 * const on = cpu();
 * // A model that finds the three tokens equally likely, whatever came before.
 * const model = { vocabulary: 3, forward: () => tensor([0, 0, 0, 0, 0, 0], [1, 2, 3], on) };
 * const batch: Batch = { inputs: Int32Array.of(0, 1), targets: Int32Array.of(1, 2), shape: [1, 2] };
 * const [loss] = await causalLoss(model, batch, on).read();
 * console.log(loss!.toFixed(4), Math.log(3).toFixed(4)); // 1.0986 1.0986
 * ```
 */
export function causalLoss(model: LanguageModel, batch: Batch, on: Backend): Tensor {
  return plain(model, batch, on);
}
