import type { Encoder } from "@tenon/models";
import { ConfigError, type Random } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import {
  type Batch,
  maskedBatches,
  continuesWord,
  type MaskedBatchesOptions,
  maskedLoss,
  split,
} from "@tenon/training";

import { checkLength, heldOutBatches, heldOutShare } from "./held-out.ts";
import type { Task, TaskInput } from "./task.ts";

/** Of the rows that an encoder learns from, how many are shorter than the context: it is used on short texts as well. */
const shortShare = 0.5;

/** An encoder learns which words were masked. */
export function fillMasks(
  model: Encoder,
  text: string,
  { options, tokenizer, random }: TaskInput,
): Task<Encoder, Batch> {
  const context = options.window ?? model.context;
  const ids = Int32Array.from(tokenizer.encode(text));
  checkLength(ids.length, context, 0);
  const parts = split(ids, heldOutShare);
  const batchesOf = (ids: Int32Array, random: Random): ((step: number) => Batch) =>
    maskedBatches({
      ids,
      context,
      batch: options.batch,
      random,
      ...masking(tokenizer, ids),
      rate: options.maskRate,
      shortShare,
    });
  return {
    tokens: ids.length,
    objective: maskedLoss,
    batches: batchesOf(parts.training, random.fork("training")),
    heldOut: { batches: batchesOf(parts.heldOut, random.fork("held out")), count: heldOutBatches },
  };
}

function masking(
  tokenizer: Tokenizer,
  ids: Int32Array,
): Pick<MaskedBatchesOptions, "vocabulary" | "mask" | "maskable" | "continues"> {
  const { mask } = tokenizer.special;
  if (mask === undefined)
    throw new ConfigError("an encoder learns from masked words, and its tokenizer has no mask token.");
  if (!ids.some((id) => tokenizer.isWord(id)))
    throw new ConfigError(
      "an encoder learns from masked words, and the text has none in its first nine tenths or in the last one, which is held out. Use a text with words all through.",
    );
  return {
    vocabulary: tokenizer.size,
    mask,
    maskable: (id) => tokenizer.isWord(id),
    // Whole words, where a token may be a piece of one.
    ...(tokenizer.kind === "hugging-face" && { continues: continuesWord(tokenizer) }),
  };
}
