import type { Decoder } from "@tenon/models";
import { type Batch, causalBatches, causalLoss, split } from "@tenon/training";

import { checkLength, heldOutBatches, heldOutShare } from "./held-out.ts";
import type { Task, TaskInput } from "./task.ts";

/** A decoder learns which token comes next. */
export function continueText(
  model: Decoder,
  text: string,
  { options, tokenizer, random }: TaskInput,
): Task<Decoder, Batch> {
  const { context } = model;
  const ids = Int32Array.from(tokenizer.encode(text));
  checkLength(ids.length, context, 1);
  const parts = split(ids, heldOutShare);
  const window = { context, batch: options.batch };
  return {
    tokens: ids.length,
    objective: causalLoss,
    batches: causalBatches({ ...window, ids: parts.training, random: random.fork("training") }),
    heldOut: {
      batches: causalBatches({ ...window, ids: parts.heldOut, random: random.fork("held out") }),
      count: heldOutBatches,
    },
  };
}
