import { totalmem } from "node:os";

import { type Decoder, describe, Encoder } from "@tenon/models";
import { type Backend, ConfigError, random } from "@tenon/tensor";
import { loadTokenizer, type Tokenizer } from "@tenon/tokenizers";
import {
  AdamW,
  type Batches,
  causalBatches,
  causalLoss,
  type Evaluation,
  maskedBatches,
  maskedLoss,
  split,
  train,
  type TrainingStep,
  warmUpCosine,
} from "@tenon/training";

import { assembleStack } from "../model/assemble-stack.ts";
import { byteCount, count } from "../output/numbers.ts";
import type { RunOptions } from "./options.ts";

/** The share of a text that is never trained on: its end. */
const heldOutShare = 0.1;
/** Batches in one held-out loss. */
const heldOutBatches = 20;
/** Of the rows that an encoder learns from, how many are shorter than the context: it is used on short texts as well. */
const shortShare = 0.5;

/** A training run that is ready to go, or to go on. */
export interface Run {
  readonly options: RunOptions;
  readonly model: Decoder | Encoder;
  readonly tokenizer: Tokenizer;
  readonly optimiser: AdamW;
  /** How many tokens the text has, the held-out part included. */
  readonly tokens: number;
  /** Trains from where the optimiser stands to the end, or until the signal aborts. */
  train(signal: AbortSignal): AsyncGenerator<TrainingStep, void, void>;
}

/**
 * Assembles a run from its options and its text, at step 0. Throws `ConfigError` for a spec that cannot be assembled and for a
 * text that is too short for the context.
 */
export async function makeRun(options: RunOptions, text: string, backend: Backend): Promise<Run> {
  const { spec, batch, steps, rate, warmUp, weightDecay, clip, maskRate, evaluateEvery } = options;
  const tokenizer = loadTokenizer(options.tokenizer);
  const chance = random(options.seed);
  const model = assembleStack(spec, { seed: options.seed });
  checkMemory(model);
  const ids = Int32Array.from(tokenizer.encode(text));
  checkLength(ids.length, model);
  const parts = split(ids, heldOutShare);
  const { context } = model;
  const batchesOf = (ids: Int32Array, name: string): Batches => {
    const window = { ids, context, batch, random: chance.fork(name) };
    return model instanceof Encoder
      ? maskedBatches({ ...window, ...masking(tokenizer, ids), rate: maskRate, shortShare })
      : causalBatches(window);
  };
  const batches = batchesOf(parts.training, "training");
  const evaluation: Evaluation = {
    batches: batchesOf(parts.heldOut, "held out"),
    count: heldOutBatches,
    every: evaluateEvery,
  };

  await model.to(backend);
  // As nanoGPT for small models: a shorter memory than usual for the second moment.
  const optimiser = new AdamW(model, { beta2: 0.99, decay: weightDecay });
  return {
    options,
    model,
    tokenizer,
    optimiser,
    tokens: ids.length,
    train: (signal) =>
      train<Decoder | Encoder>({
        model,
        objective: model instanceof Encoder ? maskedLoss : causalLoss,
        batches,
        optimiser,
        schedule: warmUpCosine({ rate, warmUp, steps, floor: rate / 10 }),
        steps,
        random: chance.fork("dropout"),
        clip,
        evaluation,
        signal,
      }),
  };
}

/** What is far too large is refused at once: its first parameters alone would take minutes to draw, and the system might end the process. */
function checkMemory(model: Decoder | Encoder): void {
  const { count: parameters, bytes } = describe(model);
  // Each parameter has a gradient and two running means.
  const needed = 4 * bytes;
  if (needed <= totalmem()) return;
  throw new ConfigError(
    `training ${count(parameters)} parameters takes at least ${byteCount(needed)} of memory, and this machine has ${byteCount(totalmem())}. ` +
      "Make the model smaller: fewer layers, a smaller width or context.",
    { parameters, needed, available: totalmem() },
  );
}

/** Both parts of the text need one window at least, and for a decoder the token after it. */
function checkLength(tokens: number, model: Decoder | Encoder): void {
  const window = model.context + (model instanceof Encoder ? 0 : 1);
  const heldOut = Math.round(tokens * heldOutShare);
  if (heldOut >= window) return;
  const most = heldOut - (window - model.context);
  const remedy = most >= 3 ? `Use a longer text, or a context of at most ${most}` : "Use a longer text";
  throw new ConfigError(
    `the text is too short for a context of ${model.context}: it has ${tokens} tokens, of which the last tenth (${heldOut}) is held out, ` +
      `and ${window} are needed there. ${remedy}.`,
    { tokens, heldOut, context: model.context },
  );
}

function masking(
  tokenizer: Tokenizer,
  ids: Int32Array,
): { vocabulary: number; mask: number; maskable: (id: number) => boolean } {
  const { mask } = tokenizer.special;
  if (mask === undefined)
    throw new ConfigError("an encoder learns from masked words, and its tokenizer has no mask token.");
  if (!ids.some((id) => tokenizer.isWord(id)))
    throw new ConfigError(
      "an encoder learns from masked words, and the text has none in its first nine tenths or in the last one, which is held out. Use a text with words all through.",
    );
  return { vocabulary: tokenizer.size, mask, maskable: (id) => tokenizer.isWord(id) };
}
