import { Play } from "lucide-preact";
import type { JSX } from "preact";

import { Field } from "../interface/field.tsx";
import { currentSpec } from "../model/current-spec.ts";
import { attempt } from "../problems/problem.ts";
import type { RunPlan, TextSource } from "../trainer/run-plan.ts";
import { change, draft, freeName, usualPrompts } from "./draft.ts";
import { HowChoice } from "./how-choice.tsx";
import { ModelChoice } from "./model-choice.tsx";
import { canTellDocuments, contextOf, kindOf, sourceOf, whyNotOpen } from "./start.ts";
import { ownText } from "./own-text.ts";
import { TextChoice } from "./text-choice.tsx";
import { beginRun, keptRuns } from "./training.ts";

/** What a new run is to be. */
export function PlanForm(): JSX.Element {
  const { name, start } = draft.value;
  const suggested = freeName(
    kindOf(start),
    keptRuns.value.map((run) => run.name),
  );
  const begin = async (event: Event): Promise<void> => {
    event.preventDefault();
    const plan = await attempt("The run could not begin", () => Promise.resolve(planOf(name.trim() || suggested)));
    if (plan === undefined) return;
    if (await beginRun(plan, draft.value.backend)) change({ name: "" });
  };
  return (
    <form class="plan" onSubmit={(event) => void begin(event)} noValidate>
      <section class="card stack" aria-labelledby="plan-model">
        <h2 id="plan-model" tabIndex={-1}>
          What learns
        </h2>
        <ModelChoice />
      </section>
      <section class="card stack" aria-labelledby="plan-text">
        <h2 id="plan-text">From what</h2>
        <TextChoice />
      </section>
      <section class="card stack" aria-labelledby="plan-how">
        <h2 id="plan-how">How</h2>
        <HowChoice />
      </section>
      <div class="begin card">
        <Field label="Name of the run">
          {(control) => (
            <input
              {...control}
              type="text"
              value={name}
              placeholder={suggested}
              maxLength={60}
              onInput={({ currentTarget }) => change({ name: currentTarget.value })}
            />
          )}
        </Field>
        <button type="submit" class="button primary">
          <Play size={16} aria-hidden="true" /> Train
        </button>
        <p class="small quiet">
          {kindSentence[kindOf(start) as keyof typeof kindSentence] ?? ""} The last tenth of the text is held out.
        </p>
      </div>
    </form>
  );
}

const kindSentence = {
  decoder: "A decoder learns which token comes next.",
  encoder: "An encoder learns which words were masked.",
  "encoder-decoder": "An encoder–decoder learns what stood in the gaps of a text, as T5 does.",
  "rnn-encoder-decoder": "An encoder–decoder learns what stood in the gaps of a text, as T5 does.",
  "rnn-search": "An encoder–decoder learns what stood in the gaps of a text, as T5 does.",
} as const;

function planOf(name: string): RunPlan {
  const { start, tokenizer, vocabulary, settings, prompts, documents } = draft.value;
  const source = sourceOf(start);
  const refused = start === "open" ? whyNotOpen() : undefined;
  if (refused !== undefined) throw new Error(`The open model was to be trained further: ${refused}`);
  const text = textOf();
  const context = contextOf(start);
  return {
    name,
    start:
      source === undefined
        ? { kind: "new", spec: currentSpec.spec.value, tokenizer, vocabulary }
        : { kind: "trained", source },
    text,
    settings: {
      ...settings,
      window:
        settings.window !== undefined && context !== undefined ? Math.min(settings.window, context) : settings.window,
      documents: text.kind === "stories" || (documents && canTellDocuments()),
      prompts: (prompts ?? usualPrompts(kindOf(start))).split("\n").filter((line) => line.trim() !== ""),
    },
  };
}

function textOf(): TextSource {
  const { text, stories: count, storySeed: seed } = draft.value;
  if (text === "stories") return { kind: "stories", count, seed };
  if (ownText.value !== undefined) return ownText.value;
  throw new Error("There is no text yet. Choose a file, or paste one; or take the stories.");
}
