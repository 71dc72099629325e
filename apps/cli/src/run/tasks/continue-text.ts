import { windowBatches } from "@tenon/corpus";
import type { Decoder } from "@tenon/models";
import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import { type Batch, causalBatches, causalLoss, split } from "@tenon/training";

import { checkLength, heldOutBatches, heldOutShare } from "./held-out.ts";
import type { StreamedTokens } from "../streamed-text.ts";
import type { Task, TaskInput } from "./task.ts";

/** A decoder learns which token comes next. */
export function continueText(
  model: Decoder,
  text: string,
  { options, tokenizer, random }: TaskInput,
): Task<Decoder, Batch> {
  const context = options.window ?? model.context;
  const ids = Int32Array.from(idsOf(text, options.separator, tokenizer));
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

/** The same from tokens on the disk: an epoch shows each window once, in an order over the whole text. */
export function continueTokens(
  model: Decoder,
  { training, heldOut }: StreamedTokens,
  { options, random }: TaskInput,
): Task<Decoder, Batch> {
  const context = options.window ?? model.context;
  const tokens = training.length + heldOut.length;
  checkLength(tokens, context, 1);
  const window = { context, batch: options.batch };
  return {
    tokens,
    objective: causalLoss,
    batches: windowBatches({ ...window, tokens: training, random: random.fork("training") }),
    heldOut: {
      batches: windowBatches({ ...window, tokens: heldOut, random: random.fork("held out") }),
      count: heldOutBatches,
    },
  };
}

/** The ids of a text; where a separator stands between its documents, each ends with the token for that. */
function idsOf(text: string, separator: string | undefined, tokenizer: Tokenizer): number[] {
  if (separator === undefined) return tokenizer.encode(text);
  const { end } = tokenizer.special;
  if (end === undefined) {
    throw new ConfigError(
      `--separator puts a token between documents, which the ${tokenizer.kind} tokenizer does not have. Use --tokenizer byte-pairs, or leave it out.`,
    );
  }
  return text.split(separator).flatMap((document) => [end, ...tokenizer.encode(document.trim())]);
}
