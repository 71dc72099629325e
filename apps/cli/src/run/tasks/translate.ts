import { EncoderDecoder } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import { type TranslationBatch, translationBatches, translationLoss, type TranslationPair } from "@tenon/training";

import type { Translating } from "../../model/load-kind.ts";
import { marksOf } from "../../translation/marks-of.ts";
import { count } from "../../output/numbers.ts";
import type { Data, TextPair } from "../data-source.ts";
import { heldOutShare } from "./held-out.ts";
import type { Task, TaskInput } from "./task.ts";

/** An encoder–decoder learns which token of the translation comes next. */
export function translate(
  model: Translating,
  data: Data & { readonly kind: "pairs" },
  { options, tokenizer, random }: TaskInput,
): Task<Translating, TranslationBatch> {
  const { begin, end } = marksOf(tokenizer);
  const parts = partsOf(data);
  let tokens = 0;
  const idsOf = ({ source, target }: TextPair): TranslationPair => {
    const pair = { source: [...tokenizer.encode(source), end], target: tokenizer.encode(target) };
    tokens += pair.source.length + pair.target.length + 1;
    return pair;
  };
  const longest = model instanceof EncoderDecoder ? Math.min(model.context, model.sourceContext) : undefined;
  const batchesOf = (pairs: readonly TextPair[], name: string): ReturnType<typeof translationBatches> =>
    translationBatches({
      pairs: pairs.map(idsOf),
      tokens: options.batch,
      begin,
      end,
      longest,
      random: random.fork(name),
    });
  const batches = batchesOf(parts.training, "training");
  const heldOut = batchesOf(parts.heldOut, "held out");
  const leftOut = batches.leftOut + heldOut.leftOut;
  if (leftOut > 0) {
    throw new ConfigError(
      `${count(leftOut)} pairs have more tokens than the context of ${longest}. Use a longer --context, or leave them out of the files.`,
      { leftOut, context: longest },
    );
  }
  return {
    tokens,
    objective: translationLoss({ labelSmoothing: options.labelSmoothing }),
    batches,
    heldOut: { batches: heldOut, count: heldOut.perEpoch, objective: translationLoss() },
  };
}

/** What was held out apart, or else the last pairs. */
function partsOf({ pairs, heldOut }: Data & { readonly kind: "pairs" }): {
  training: readonly TextPair[];
  heldOut: readonly TextPair[];
} {
  if (heldOut !== undefined) return { training: pairs, heldOut };
  const cut = pairs.length - Math.round(pairs.length * heldOutShare);
  if (cut > 0 && cut < pairs.length) return { training: pairs.slice(0, cut), heldOut: pairs.slice(cut) };
  throw new ConfigError(
    `${count(pairs.length)} pairs are too few: the last tenth of them is held out. Give at least 5.`,
    {
      pairs: pairs.length,
    },
  );
}
