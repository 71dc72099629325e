import type { Decoder } from "@tenon/models";
import { type Batch, type Batches, causalBatches, causalLoss, split } from "@tenon/training";

import { sampleContinuation } from "../samples/sample-continuation.ts";
import { checkLength, heldOutShare } from "./check-length.ts";
import type { Task, TaskInput } from "./task.ts";

/** A decoder learns which token comes next. */
export function continueText(model: Decoder, { ids, tokenizer, window, random }: TaskInput): Task<Decoder, Batch> {
  checkLength(ids.length, window, 1);
  const parts = split(ids, heldOutShare);
  const batchesOf =
    (ids: Int32Array, name: string) =>
    (batch: number): Batches =>
      causalBatches({ ids, context: window, batch, random: random.fork(name) });
  return {
    model,
    objective: causalLoss,
    training: batchesOf(parts.training, "training"),
    heldOut: batchesOf(parts.heldOut, "held out"),
    sample: (prompt, seed) => sampleContinuation(model, tokenizer, prompt, seed),
  };
}
