import type { DecoderSpec, Spec } from "@tenon/models";

import type { RunPlan, RunSettings, Start } from "../run-plan.ts";
import type { RunState, TrainerState } from "../run-state.ts";
import { type RunShelf, shelfInMemory } from "../storage/run-shelf.ts";
import { Trainer } from "../trainer.ts";

/** ALiBi and SwiGLU, as a visitor would assemble it. */
export const decoder: DecoderSpec = {
  version: 1,
  kind: "decoder",
  vocabulary: 100,
  context: 16,
  width: 16,
  layers: 1,
  position: { kind: "alibi" },
  attention: { kind: "multi-head", heads: 2, bias: false },
  feedForward: { kind: "gated-mlp", hidden: 32, activation: "silu", bias: false },
  norm: { kind: "rms-norm" },
  residual: { kind: "pre-norm", finalNorm: true },
  dropout: 0,
  tied: true,
};

export const settings: RunSettings = {
  steps: 50,
  batch: 4,
  rate: 0.01,
  warmUp: 5,
  schedule: "cosine",
  optimiser: "adamw",
  weightDecay: 0.1,
  clip: 1,
  seed: 1,
  documents: true,
  evaluateEvery: 25,
  saveEvery: 20,
  sampleEvery: 25,
  prompts: ["Mia the fox"],
};

/** A plan of 50 steps on stories. */
export const plan = (changes: Partial<RunPlan> = {}, more: Partial<RunSettings> = {}): RunPlan => ({
  name: "first",
  start: made(decoder),
  text: { kind: "stories", count: 60, seed: 1 },
  settings: { ...settings, ...more },
  ...changes,
});

const made = (spec: Spec): Start => ({ kind: "new", spec, tokenizer: "character", vocabulary: 300 });
const lock = (): Promise<() => void> => Promise.resolve(() => undefined);

/** A trainer whose states can be waited for. */
export function watched(shelf: RunShelf = shelfInMemory(undefined)): {
  readonly trainer: Trainer;
  readonly tell: (state: TrainerState) => void;
  readonly until: (what: (state: RunState) => boolean) => Promise<RunState>;
} {
  const waiting = new Set<(state: RunState) => void>();
  return {
    trainer: new Trainer({ shelf: () => Promise.resolve(shelf), lock }),
    tell: (state) => state.phase !== "preparing" && waiting.forEach((each) => each(state)),
    until: (what) =>
      new Promise((resolve, reject) => {
        const each = (state: RunState): void => {
          if (what(state)) resolve(state);
          else if (state.phase === "failed") reject(new Error(state.error));
          else return;
          waiting.delete(each);
        };
        waiting.add(each);
      }),
  };
}

export const at =
  (step: number): ((state: RunState) => boolean) =>
  (state) =>
    state.step >= step;
export const phase =
  (name: RunState["phase"]): ((state: RunState) => boolean) =>
  (state) =>
    state.phase === name;
/** Carries a plan out to its end. */
export const runTo = async (
  begun: RunPlan,
  end: RunState["phase"] = "finished",
  shelf?: RunShelf,
): Promise<RunState> => {
  const { trainer, tell, until } = watched(shelf);
  const done = until(phase(end));
  await trainer.begin(begun, "cpu", tell);
  return done;
};
