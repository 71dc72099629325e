import { Decoder, Encoder } from "@tenon/models";
import type { Part } from "@tenon/nn";
import type { TextModel } from "@tenon/pretrained";
import { ConfigError, random } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import { fit, type FitOptions, type FitReport, namedOptimiser, namedSchedule } from "@tenon/training";

import type { RunSettings } from "../run-plan.ts";
import type { SamplePiece } from "../run-state.ts";
import { type BatchChange, changingBatches } from "./batch-sizes.ts";
import { continueText } from "./continue-text.ts";
import { fillGaps } from "./fill-gaps.ts";
import { fillMasks } from "./fill-masks.ts";
import type { Task, TaskInput } from "./task.ts";

/** Batches in one held-out loss. */
const heldOutBatches = 10;

/** A model with all that it takes to train it. */
export interface Learner {
  /** Steps done. */
  readonly steps: number;
  /** Trains from where it is, or from the checkpoint that is found, to the end, or until the signal aborts. */
  fit(around: FitOptions<Part>, signal: AbortSignal): Promise<FitReport>;
  sample(prompt: string): Promise<readonly SamplePiece[]>;
}

/** What a learner is made of. */
export interface LearnerInput {
  /** On its backend. */
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  readonly ids: Int32Array;
  readonly window: number;
  readonly settings: RunSettings;
  /** How large batches are from when on; it is asked at every step. */
  readonly batches: () => readonly BatchChange[];
}

/**
 * Makes a learner of the task that belongs to the model's kind. Throws `ConfigError` for a text that is too short, and for a model or a tokenizer that lacks
 * what the task needs.
 */
export function learnerOf(input: LearnerInput): Learner {
  const { model, settings } = input;
  const task: TaskInput = { ...input, random: random(settings.seed) };
  if (model instanceof Decoder) return learning(continueText(model, task), input);
  if (model instanceof Encoder) return learning(fillMasks(model, task), input);
  return learning(fillGaps(model, task), input);
}

function learning<M extends Part, B extends object>(
  { model, objective, training, heldOut, sample }: Task<M, B>,
  { settings, batches }: LearnerInput,
): Learner {
  const { batch, steps, weightDecay, clip, evaluateEvery, seed } = settings;
  // As nanoGPT for small models: a shorter memory than usual for the second moment.
  expectWarmUp(settings);
  const schedule = namedSchedule(settings.schedule, settings);
  const optimiser = namedOptimiser(settings.optimiser, model, { decay: weightDecay, beta2: 0.99 });
  return {
    get steps() {
      return optimiser.steps;
    },
    sample: (prompt) => sample(prompt, seed),
    fit: (around, signal) =>
      fit<M, B>(
        {
          model,
          objective,
          batches: changingBatches(training, batches),
          optimiser,
          schedule,
          steps,
          random: random(seed).fork("dropout"),
          clip,
          // Of one size throughout, so that its losses can be compared.
          evaluation: { batches: heldOut(batch), count: heldOutBatches, every: evaluateEvery },
          signal,
        },
        around,
      ),
  };
}

function expectWarmUp({ warmUp, steps, schedule }: RunSettings): void {
  if (schedule === "constant" || warmUp < steps) return;
  throw new ConfigError(
    `a warm-up of ${warmUp} steps takes all of a run of ${steps}. Let it be shorter, or the run longer.`,
    { warmUp, steps },
  );
}
