import type { EncoderDecoder, RnnEncoderDecoder, RnnSearch } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import { type Batches, spanCorruptionBatches, split, type TranslationBatch, translationLoss } from "@tenon/training";

import { sampleGaps } from "../samples/sample-gaps.ts";
import { gapIds } from "../text/gaps.ts";
import { checkLength, heldOutShare } from "./check-length.ts";
import type { Task, TaskInput } from "./task.ts";

/** What writes one text for another. */
export type Translating = EncoderDecoder | RnnEncoderDecoder | RnnSearch;

/** In pieces shorter than this, the source with its gaps may be longer than the piece. */
const shortest = 16;

/** An encoder–decoder learns what stood in the gaps of a text, as T5 does. */
export function fillGaps(model: Translating, input: TaskInput): Task<Translating, TranslationBatch> {
  const { ids, tokenizer, window, random } = input;
  if (window < shortest)
    throw new ConfigError(
      `an encoder–decoder learns here by filling gaps, for which pieces of ${window} tokens are too short. Let them, and the contexts of both sides, be ${shortest} or more.`,
      { window },
    );
  checkLength(ids.length, window, 0);
  const marks = marksOf(tokenizer);
  const parts = split(ids, heldOutShare);
  const batchesOf =
    (ids: Int32Array, name: string) =>
    (batch: number): Batches<TranslationBatch> =>
      spanCorruptionBatches({ ids, context: window, batch, random: random.fork(name), ...marks });
  return {
    model,
    objective: translationLoss(),
    training: batchesOf(parts.training, "training"),
    heldOut: batchesOf(parts.heldOut, "held out"),
    sample: (prompt) => sampleGaps(model, tokenizer, marks, prompt),
  };
}

/** The tokens around gaps and texts. T5 begins with the one that pads. */
function marksOf(tokenizer: Tokenizer): { readonly begin: number; readonly end: number; readonly sentinels: number[] } {
  const { begin = tokenizer.special["pad"], end } = tokenizer.special;
  const sentinels = gapIds(tokenizer);
  if (begin !== undefined && end !== undefined) return { begin, end, sentinels };
  throw new ConfigError(
    "an encoder–decoder's texts begin and end with tokens of their own, which this model's tokenizer does not have. Train one that is assembled here.",
  );
}
