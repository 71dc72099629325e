import { totalmem } from "node:os";

import { recomputeBlocks } from "@tenon/blocks";
import { Decoder, describe, Encoder } from "@tenon/models";
import { attachLora, type Lora, type Part } from "@tenon/nn";
import type { TextModel } from "@tenon/pretrained";
import { type Backend, ConfigError, random } from "@tenon/tensor";
import { loadTokenizer, type Tokenizer } from "@tenon/tokenizers";
import {
  fit,
  type FitOptions,
  type FitReport,
  MovingAverage,
  namedOptimiser,
  namedSchedule,
  type Optimiser,
} from "@tenon/training";

import { assembleTrainable } from "../model/assemble-trainable.ts";
import { byteCount, count } from "../output/numbers.ts";
import type { Data } from "./data-source.ts";
import type { StreamedText, StreamedTokens } from "./streamed-text.ts";
import type { RunOptions } from "./options.ts";
import { continueText, continueTokens } from "./tasks/continue-text.ts";
import { fillMasks } from "./tasks/fill-masks.ts";
import type { Task, TaskInput } from "./tasks/task.ts";
import { translate } from "./tasks/translate.ts";

/** A training run that is ready to go, or to go on. */
export interface Run {
  readonly options: RunOptions;
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  readonly optimiser: Optimiser;
  /** The adapters that are trained, where the weights are not. */
  readonly lora: Lora | undefined;
  /** How many tokens the examples have, those that are held out included. */
  readonly tokens: number;
  /** What becomes the model in place of the parameters themselves. */
  readonly average: MovingAverage | undefined;
  /** Trains to the end, from what was saved if there is something, or until the signal aborts. */
  fit(options: Pick<FitOptions<Part>, "checkpoints" | "on">, signal: AbortSignal): Promise<FitReport>;
  /** Closes what the examples are read from. */
  close(): Promise<void>;
}

/** What a run learns from, ready to be cut into batches. */
export type Examples = Exclude<Data, StreamedText> | StreamedTokens;

/**
 * Assembles a run from its options and its examples, at step 0, with a new model or the one that it begins with. Throws `ConfigError` for a spec that cannot be assembled, and for examples that
 * are not enough or not what the model learns from.
 */
export async function makeRun(options: RunOptions, data: Examples, backend: Backend, begun?: TextModel): Promise<Run> {
  const close = (): Promise<void> => (data.kind === "tokens" ? data.close() : Promise.resolve());
  try {
    return { ...(await prepared(options, data, backend, begun)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function prepared(
  options: RunOptions,
  data: Examples,
  backend: Backend,
  begun: TextModel | undefined,
): Promise<Omit<Run, "close">> {
  const tokenizer = loadTokenizer(options.tokenizer);
  const model = begun ?? assembleTrainable(options.spec, { seed: options.seed });
  checkMemory(model, options.lora !== undefined);
  if (options.recompute === true) recomputeBlocks(model);
  const input: TaskInput = { options, tokenizer, random: random(options.seed) };
  const start = taskOf(model, data, input);
  await model.to(backend);
  // Before the optimiser, which then remembers nothing of what is frozen.
  const lora =
    options.lora && (await attachLora(model, { ...options.lora, random: random(options.seed).fork("adapters") }));
  return { options, model, tokenizer, lora, ...start() };
}

/** What a run has of its task, once the model is where it is to be trained. */
type Started = Pick<Run, "optimiser" | "average" | "tokens" | "fit">;

/** What the model is trained to do, by its kind: made before the model is placed anywhere, so that bad examples are known first. */
function taskOf(model: TextModel, data: Examples, input: TaskInput): () => Started {
  const { kind } = model.spec;
  if (model instanceof Decoder || model instanceof Encoder) {
    if (data.kind === "pairs")
      throw new ConfigError(
        `pairs of texts are for encoder–decoders, and this model is ${kind === "encoder" ? "an" : "a"} ${kind}. Train it on a --text, or choose another --model.`,
        { kind },
      );
    if (model instanceof Decoder)
      return starting(
        model,
        data.kind === "tokens" ? continueTokens(model, data, input) : continueText(model, data.text, input),
        input,
      );
    if (data.kind === "tokens")
      throw new ConfigError(
        "an encoder learns from a text of at most 100 MB. Use a part of it, and leave --tokens out.",
      );
    return starting(model, fillMasks(model, data.text, input), input);
  }
  if (data.kind !== "pairs")
    throw new ConfigError(`a model of the kind "${kind}" learns from pairs of texts: give --source and --target.`, {
      kind,
    });
  return starting(model, translate(model, data, input), input);
}

function starting<M extends Part, B extends object>(
  model: M,
  { tokens, objective, batches, heldOut }: Task<M, B>,
  { options, random }: TaskInput,
): () => Started {
  const { steps, schedule, accumulate, weightDecay, clip, evaluateEvery, patience, movingAverage } = options;
  return () => {
    // As nanoGPT for small models, and as "Attention is all you need": a shorter memory than usual for the second moment.
    const beta2 = options.data.kind === "parallel" ? 0.98 : 0.99;
    const optimiser = namedOptimiser(options.optimiser, model, { decay: weightDecay, beta2 });
    const average =
      movingAverage === undefined ? undefined : new MovingAverage(model, { decay: movingAverage, warmUp: true });
    return {
      optimiser,
      average,
      tokens,
      fit: (around, signal) =>
        fit<M, B>(
          {
            model,
            objective,
            batches,
            optimiser,
            schedule: namedSchedule(schedule, options),
            steps,
            accumulate,
            random: random.fork("dropout"),
            clip,
            evaluation: { ...heldOut, every: evaluateEvery },
            signal,
          },
          { ...around, average, stopping: patience === undefined ? undefined : { patience } },
        ),
    };
  };
}

/** What is far too large is refused at once: its first parameters alone would take minutes to draw, and the system might end the process. */
function checkMemory(model: TextModel, weightsStay: boolean): void {
  const { count: parameters, bytes } = describe(model);
  // Each parameter that is trained has a gradient and two running means; adapters are small.
  const needed = (weightsStay ? 1 : 4) * bytes;
  if (needed <= totalmem()) return;
  throw new ConfigError(
    `training ${count(parameters)} parameters takes at least ${byteCount(needed)} of memory, and this machine has ${byteCount(totalmem())}. ` +
      "Make the model smaller: fewer layers, a smaller width or context.",
    { parameters, needed, available: totalmem() },
  );
}
