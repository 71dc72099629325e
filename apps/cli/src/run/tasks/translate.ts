import { EncoderDecoder } from "@tenon/models";
import { ConfigError, isTenonError } from "@tenon/tensor";
import {
  type TranslationBatch,
  type TranslationBatches,
  translationBatches,
  translationLoss,
  type TranslationPair,
} from "@tenon/training";

import type { Translating } from "../../model/load-kind.ts";
import { framingOf } from "../../translation/framing.ts";
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
  const { begin, end, source: sourceIds, target: targetIds } = framingOf(tokenizer, options.origin);
  const parts = partsOf(data);
  let tokens = 0;
  const idsOf = ({ source, target }: TextPair): TranslationPair => {
    const pair = { source: sourceIds(source), target: targetIds(target) };
    tokens += pair.source.length + pair.target.length + 1;
    return pair;
  };
  const training = parts.training.map(idsOf);
  const heldOut = parts.heldOut.map(idsOf);
  if (model instanceof EncoderDecoder) checkContext([...training, ...heldOut], model);
  const batchesOf = (pairs: TranslationPair[], name: string): TranslationBatches => {
    try {
      return translationBatches({ pairs, tokens: options.batch, begin, end, random: random.fork(name) });
    } catch (error) {
      throw namingBatch(error, options.batch);
    }
  };
  const held = batchesOf(heldOut, "held out");
  return {
    tokens,
    objective: translationLoss({ labelSmoothing: options.labelSmoothing }),
    batches: batchesOf(training, "training"),
    heldOut: { batches: held, count: held.perEpoch, objective: translationLoss() },
  };
}

/** A pair that no batch has room for, in the words of the command line. */
function namingBatch(error: unknown, batch: number): unknown {
  if (!isTenonError(error, "ConfigError")) return error;
  const { length } = error.fields;
  if (typeof length !== "number") return error;
  return new ConfigError(
    `a pair takes ${length} positions, and --batch has room for ${batch}. Use a larger --batch, or leave the pair out of the files.`,
    error.fields,
    { cause: error },
  );
}

/** Nothing is cut off or left out unasked. */
function checkContext(pairs: readonly TranslationPair[], { context, sourceContext }: EncoderDecoder): void {
  const longer = pairs.filter(({ source, target }) => source.length > sourceContext || target.length + 1 > context);
  if (longer.length === 0) return;
  throw new ConfigError(
    `${count(longer.length)} of ${count(pairs.length)} pairs have more tokens than the context of ${context}. Use a longer --context, or leave them out of the files.`,
    { longer: longer.length, context },
  );
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
