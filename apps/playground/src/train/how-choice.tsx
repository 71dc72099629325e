import type { JSX } from "preact";

import { backendIds, backendTitles } from "../backends/backend-id.ts";
import { Choice, type Option } from "../interface/choice.tsx";
import { Field } from "../interface/field.tsx";
import { NumberField } from "../interface/number-field.tsx";
import type { RunSettings } from "../trainer/run-plan.ts";
import { change, changeSettings, draft, usualPrompts } from "./draft.ts";
import { contextOf, kindOf } from "./start.ts";

/** How long, and how fast, it learns. */
export function HowChoice(): JSX.Element {
  const { settings, backend } = draft.value;
  return (
    <>
      <div class="columns">
        <NumberField
          label="Steps"
          value={settings.steps}
          minimum={1}
          maximum={1_000_000}
          whole
          onChange={(steps) => changeSettings({ steps })}
        />
        <NumberField
          label="Batch"
          value={settings.batch}
          minimum={1}
          maximum={1024}
          whole
          hint="Pieces of text in a step."
          onChange={(batch) => changeSettings({ batch })}
        />
        <NumberField
          label="Learning rate"
          value={settings.rate}
          minimum={1e-7}
          maximum={10}
          step={0.0005}
          hint="The highest."
          onChange={(rate) => changeSettings({ rate })}
        />
      </div>
      <Choice
        label="Computed by"
        value={backend}
        options={backendIds.map((id) => ({ value: id, title: backendTitles[id] }))}
        hint={
          backend.startsWith("gpujs:")
            ? "Slow for training: gpu.js has no kernels of its own for most gradients, and each small step waits for the device. WebAssembly is many times as fast."
            : backend === "cpu"
              ? "Plain loops, for comparison: WebAssembly is several times as fast."
              : globalThis.crossOriginIsolated
                ? undefined
                : "With one thread: this page was served without the two headers that allow more. Its README names them."
        }
        onChange={(backend) => change({ backend })}
      />
      <details>
        <summary>More settings</summary>
        <MoreSettings />
      </details>
    </>
  );
}

const optimisers: readonly Option<RunSettings["optimiser"]>[] = [
  { value: "adamw", title: "AdamW" },
  { value: "adafactor", title: "Adafactor" },
  { value: "lion", title: "Lion" },
  { value: "muon", title: "Muon" },
  { value: "sgd", title: "SGD with momentum" },
];

const optimiserHints: Partial<Record<RunSettings["optimiser"], string>> = {
  adafactor: "Asks for ten or more times the rate.",
  sgd: "Asks for ten or more times the rate.",
  lion: "Asks for a tenth of the rate.",
};

const schedules: readonly Option<RunSettings["schedule"]>[] = [
  { value: "cosine", title: "Cosine" },
  { value: "linear", title: "Linear" },
  { value: "inverse-square-root", title: "Inverse square root" },
  { value: "stable-decay", title: "Stable, then down" },
  { value: "constant", title: "Constant" },
];

const scheduleHints: Record<RunSettings["schedule"], string> = {
  cosine: "Down to a tenth of the rate.",
  linear: "Down to nothing.",
  "inverse-square-root": "Slower and slower down.",
  "stable-decay": "Down in the last fifth.",
  constant: "Without a warm-up.",
};

function MoreSettings(): JSX.Element {
  const { settings, start, prompts } = draft.value;
  const context = contextOf(start);
  const kind = kindOf(start);
  const count = (
    label: string,
    key: "saveEvery" | "evaluateEvery" | "sampleEvery" | "seed",
    hint?: string,
  ): JSX.Element => (
    <NumberField
      label={label}
      value={settings[key]}
      minimum={key === "seed" ? 0 : 1}
      maximum={1_000_000}
      whole
      hint={hint}
      onChange={(value) => changeSettings({ [key]: value })}
    />
  );
  return (
    <div class="stack">
      <div class="columns wide">
        <Choice
          label="Optimiser"
          value={settings.optimiser}
          options={optimisers}
          hint={optimiserHints[settings.optimiser]}
          onChange={(optimiser) => changeSettings({ optimiser })}
        />
        <Choice
          label="Schedule"
          value={settings.schedule}
          options={schedules}
          hint={scheduleHints[settings.schedule]}
          onChange={(schedule) => changeSettings({ schedule })}
        />
        <NumberField
          label="Warm-up"
          value={settings.warmUp}
          minimum={0}
          maximum={1_000_000}
          whole
          hint="Steps in which the rate climbs."
          wrong={
            settings.schedule !== "constant" && settings.warmUp >= settings.steps
              ? "Fewer than the steps of the run."
              : undefined
          }
          onChange={(warmUp) => changeSettings({ warmUp })}
        />
        <NumberField
          label="Weight decay"
          value={settings.weightDecay}
          minimum={0}
          maximum={1}
          onChange={(weightDecay) => changeSettings({ weightDecay })}
        />
        <NumberField
          label="Clip gradients at"
          hint="Their norm at most."
          value={settings.clip}
          minimum={0.001}
          maximum={1e6}
          onChange={(clip) => changeSettings({ clip })}
        />
        <NumberField
          label="Tokens in a piece"
          value={Math.min(settings.window ?? context ?? 64, context ?? Infinity)}
          minimum={2}
          maximum={context ?? 4096}
          whole
          hint={context === undefined ? "No more than the model's context." : `The context, ${context}, or fewer.`}
          onChange={(window) => changeSettings({ window: window === context ? undefined : window })}
        />
        {count("Seed", "seed")}
        {count("Held-out loss every", "evaluateEvery", "Steps; of the last tenth of the text.")}
        {count("Sample every", "sampleEvery", "Steps.")}
        {count("Save every", "saveEvery", "Steps; and on pause and stop.")}
      </div>
      <Field
        label={kind === "decoder" ? "Texts to continue" : "Texts to fill"}
        hint={kind === "decoder" ? "One to a line." : "One to a line; ___ is a gap."}
      >
        {(control) => (
          <textarea
            {...control}
            rows={3}
            value={prompts ?? usualPrompts(kind)}
            onInput={({ currentTarget: { value } }) =>
              change({ prompts: value === usualPrompts(kind) ? undefined : value })
            }
          />
        )}
      </Field>
    </div>
  );
}
