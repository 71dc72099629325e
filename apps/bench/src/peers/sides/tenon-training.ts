import type { Decoder } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { crossEntropy, ids, reshape, Scope, type Tensor } from "@tenon/tensor";

import { adamOf } from "../../adam.ts";
import { lesson } from "../data.ts";
import type { Training } from "../workloads.ts";
import { lessons } from "./lessons.ts";
import type { Prepared } from "./prepared.ts";

/** A step of `train` of `@tenon/training`, without clipping: loss and gradients through a tape, the fused update for each parameter. */
export function tenonTraining(model: Decoder, { batch, context, vocabulary, rate }: Training): Prepared {
  const on = model.backend;
  const update = adamOf(model);
  return lessons(async (index) => {
    const [inputs, targets] = lesson(index, batch, context, vocabulary);
    const loss = (): Tensor => {
      const logits = model.forward(ids(inputs, [batch, context], on, { limit: vocabulary }));
      const right = ids(targets, [batch * context], on, { limit: vocabulary });
      return crossEntropy(reshape(logits, [batch * context, vocabulary]), right);
    };
    using scope = new Scope();
    const { value, gradients } = scope.run(() => valueAndGrad(model, loss));
    for (const tensor of [value, ...gradients.values()]) scope.adopt(tensor);
    const [read] = await value.read();
    scope.run(() => update(gradients, rate, index + 1));
    return read!;
  });
}
