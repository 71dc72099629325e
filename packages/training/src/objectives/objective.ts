import type { Backend, Tensor } from "@tenon/tensor";

import type { Batch } from "../data/batch.ts";

/**
 * What is made small: the loss of a model on a batch, a tensor with one element. `on` is the backend of the model's parameters,
 * where the batch goes. `causalLoss` and `maskedLoss` are two.
 *
 * @example
 * ```ts
 * const halved: Objective<LanguageModel> = (model, batch, on) => mul(causalLoss(model, batch, on), 0.5);
 * console.log(halved.length); // 3
 * ```
 */
export type Objective<M> = (model: M, batch: Batch, on: Backend) => Tensor;
