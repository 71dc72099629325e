import { effect, type Signal, signal } from "@preact/signals";

import { type BackendId, usualBackend } from "../backends/backend-id.ts";
import type { RunSettings, TokenizerKind } from "../trainer/run-plan.ts";

/** What is trained: something new, or a model that has learned something, one that was trained here among them. */
export type StartChoice = "assembled" | "open" | "story-decoder" | "story-encoder" | `saved:${string}`;

/** What stands in the form. */
export interface Draft {
  readonly name: string;
  readonly start: StartChoice;
  readonly text: "stories" | "own";
  readonly stories: number;
  readonly storySeed: number;
  readonly tokenizer: TokenizerKind;
  readonly vocabulary: number;
  readonly backend: BackendId;
  /** What is sampled, a prompt to a line; undefined for those that suit the kind of model. */
  readonly prompts: string | undefined;
  readonly settings: Omit<RunSettings, "prompts" | "documents">;
  readonly documents: boolean;
}

/** A few minutes on a laptop, for what one finds assembled at first. */
const usual: Draft = {
  name: "",
  start: "assembled",
  text: "stories",
  stories: 3000,
  storySeed: 1,
  tokenizer: "byte-pairs",
  vocabulary: 1000,
  backend: usualBackend,
  prompts: undefined,
  settings: {
    steps: 1500,
    batch: 16,
    rate: 0.003,
    warmUp: 50,
    schedule: "cosine",
    optimiser: "adamw",
    weightDecay: 0.1,
    clip: 1,
    seed: 1,
    evaluateEvery: 100,
    saveEvery: 50,
    sampleEvery: 100,
  },
  documents: false,
};

const key = "tenon-train";

/** A page that may not keep anything begins with the usual ones, and that is all. */
function remembered(): Draft {
  try {
    const saved = JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Draft>;
    return { ...usual, ...saved, name: "", settings: { ...usual.settings, ...saved.settings } };
  } catch {
    return usual;
  }
}

export const draft: Signal<Draft> = signal(remembered());

effect(() => {
  const value = JSON.stringify(draft.value);
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
});

export function change(changes: Partial<Draft>): void {
  draft.value = { ...draft.value, ...changes };
}
export function changeSettings(changes: Partial<Draft["settings"]>): void {
  change({ settings: { ...draft.value.settings, ...changes } });
}

/** Chooses what is trained. A model that has learned something forgets less at a tenth of the rate, so that is what is proposed for it. */
export function chooseStart(start: StartChoice): void {
  const { rate } = draft.value.settings;
  const ofNew = usual.settings.rate;
  const ofTrained = Number((ofNew / 10).toPrecision(3)); // as one reads it: 0.0003
  if (start !== "assembled" && rate === ofNew) changeSettings({ rate: ofTrained });
  if (start === "assembled" && rate === ofTrained) changeSettings({ rate: ofNew });
  change({ start });
}

/** What a kind of model is asked in samples. */
export function usualPrompts(kind: string): string {
  return kind === "decoder"
    ? "One day, Mia the fox\nTom was sad."
    : kind === "encoder"
      ? 'Max the ___ ran to the forest.\n"Hello," ___ Nina and smiled.'
      : 'Max the dog ran ___ the forest.\n"Hello," said Nina ___ smiled.';
}

/** A name for a run that none has yet: "decoder 1", "decoder 2". */
export function freeName(kind: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const name = `${kind}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
