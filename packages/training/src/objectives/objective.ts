import type { Backend, Tensor } from "@tenon/tensor";

import type { Batch } from "../data/batch.ts";

/**
 * What is made small: the loss of a model on a batch, a tensor with one element. `on` is the backend of the model's parameters,
 * where the batch goes. `causalLoss` and `maskedLoss` are two. It is a mean over what the batch asks for, so that batches of different sizes can be
 * weighed against each other. Several may be computed from one batch before a step; what is not a function of model and batch alone does not
 * resume.
 *
 * @example
 * ```ts
 * const halved: Objective<LanguageModel> = (model, batch, on) => mul(causalLoss(model, batch, on), 0.5);
 * console.log(halved.length); // 3
 * ```
 */
export type Objective<M, B extends object = Batch> = (model: M, batch: B, on: Backend) => Tensor;
