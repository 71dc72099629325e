import type { Encoder } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import {
  type Batch,
  type Batches,
  continuesWord,
  maskedBatches,
  type MaskedBatchesOptions,
  maskedLoss,
  split,
} from "@tenon/training";

import { sampleFilling } from "../samples/sample-filling.ts";
import { checkLength, heldOutShare } from "./check-length.ts";
import type { Task, TaskInput } from "./task.ts";

/** Of the rows that an encoder learns from, how many are shorter than a piece: it is used on short texts as well. */
const shortShare = 0.5;

/** An encoder learns which words were masked. */
export function fillMasks(model: Encoder, input: TaskInput): Task<Encoder, Batch> {
  const { ids, tokenizer, window, random } = input;
  const head = model.spec.head?.kind ?? "masked-language";
  if (head !== "masked-language")
    throw new ConfigError(
      `an encoder learns here from masked words, which takes a head of the kind "masked-language", and this one has "${head}". Choose that head in Assemble.`,
      { head },
    );
  checkLength(ids.length, window, 0);
  const masking = maskingOf(input);
  const parts = split(ids, heldOutShare);
  const batchesOf =
    (ids: Int32Array, name: string) =>
    (batch: number): Batches =>
      maskedBatches({ ids, context: window, batch, random: random.fork(name), ...masking, shortShare });
  return {
    model,
    objective: maskedLoss,
    training: batchesOf(parts.training, "training"),
    heldOut: batchesOf(parts.heldOut, "held out"),
    sample: (prompt) => sampleFilling(model, tokenizer, prompt),
  };
}

function maskingOf({
  ids,
  tokenizer,
}: TaskInput): Pick<MaskedBatchesOptions, "vocabulary" | "mask" | "maskable" | "continues"> {
  const { mask } = tokenizer.special;
  if (mask === undefined)
    throw new ConfigError("an encoder learns from masked words, and this model's tokenizer has no token for a mask.");
  if (!ids.some((id) => tokenizer.isWord(id)))
    throw new ConfigError("an encoder learns from masked words, and there is no word in the text. Take another text.");
  return {
    vocabulary: tokenizer.size,
    mask,
    maskable: (id) => tokenizer.isWord(id),
    // Whole words, where a token may be a piece of one.
    ...(tokenizer.kind === "hugging-face" && { continues: continuesWord(tokenizer) }),
  };
}
