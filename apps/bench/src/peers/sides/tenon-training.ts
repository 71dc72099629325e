import type { Decoder } from "@tenon/models";
import { valueAndGrad } from "@tenon/nn";
import { Scope } from "@tenon/tensor";
import { AdamW, causalLoss } from "@tenon/training";

import { adam } from "../../adam.ts";
import { lesson } from "../data.ts";
import type { Training } from "../workloads.ts";
import { lessons } from "./lessons.ts";
import type { Prepared } from "./prepared.ts";

/** A step of `train` of `@tenon/training`, without clipping: loss and gradients through a tape, the fused update for each parameter. */
export function tenonTraining(model: Decoder, { batch, context, vocabulary, rate }: Training): Prepared {
  const on = model.backend;
  const optimiser = new AdamW(model, { ...adam, decay: 0 });
  return lessons(async (index) => {
    const [inputs, targets] = lesson(index, batch, context, vocabulary);
    const one = { inputs, targets, shape: [batch, context] } as const;
    using scope = new Scope();
    const { value, gradients } = scope.run(() => valueAndGrad(model, () => causalLoss(model, one, on)));
    for (const tensor of [value, ...gradients.values()]) scope.adopt(tensor);
    const [read] = await value.read();
    scope.run(() => optimiser.step(gradients, rate));
    return read!;
  });
}
