import type { JSX } from "preact";

import { draws, mostBeams, type SamplingSettings, type StrategyName } from "../../engine/text/sampling-settings.ts";
import { Choice, type Option } from "../../interface/choice.tsx";
import { NumberField } from "../../interface/number-field.tsx";
import { Slider } from "../../interface/slider.tsx";
import { openedModel } from "../../model/session.ts";
import { maxTokens, settings, usualFor } from "./write-state.ts";

const strategies: readonly Option<StrategyName>[] = [
  { value: "sample", title: "Draw from the distribution" },
  { value: "gumbel-max", title: "Draw by Gumbel noise" },
  { value: "greedy", title: "Always the most probable" },
  { value: "beam-search", title: "Beam search" },
];

const hints: { readonly [strategy in StrategyName]: string } = {
  sample: "The same seed draws the same again.",
  "gumbel-max": "The noise belongs to the tokens: what you change a little changes the text a little.",
  greedy: "Nothing is left to chance, so only the repetition penalty has a say.",
  "beam-search": "The most probable text as a whole. It comes when it is found, within the model's context.",
};

/** How tokens are chosen. */
export function SamplingControls(): JSX.Element {
  const now = settings.value;
  const set = (change: Partial<SamplingSettings>): void => {
    settings.value = { ...now, ...change };
  };
  const off = !draws(now);
  return (
    <section class="card stack controls" aria-labelledby="sampling">
      <h2 id="sampling">How tokens are chosen</h2>
      <Choice
        label="Strategy"
        value={now.strategy}
        options={strategies}
        hint={hints[now.strategy]}
        onChange={(strategy) => set({ strategy })}
      />
      {now.strategy === "beam-search" && (
        <Slider
          label="Beams"
          value={now.beams}
          minimum={1}
          maximum={mostBeams}
          step={1}
          onChange={(beams) => set({ beams })}
        />
      )}
      <Slider
        label="Temperature"
        value={now.temperature}
        minimum={0.1}
        maximum={2.5}
        step={0.05}
        show={(value) => (value === 1 ? "1 (as it is)" : value.toFixed(2))}
        disabled={off}
        onChange={(temperature) => set({ temperature })}
      />
      <Slider
        label="Top-k"
        value={now.topK}
        minimum={0}
        maximum={100}
        step={1}
        show={(value) => (value === 0 ? "all" : `the ${value} most probable`)}
        disabled={off}
        onChange={(topK) => set({ topK })}
      />
      <Slider
        label="Typical"
        value={now.typical}
        minimum={0.05}
        maximum={1}
        step={0.01}
        show={(value) => (value === 1 ? "all" : `${Math.round(100 * value)} % of the probability`)}
        disabled={off}
        onChange={(typical) => set({ typical })}
      />
      <Slider
        label="Top-p"
        value={now.topP}
        minimum={0.05}
        maximum={1}
        step={0.01}
        show={(value) => (value === 1 ? "all" : `${Math.round(100 * value)} % of the probability`)}
        disabled={off}
        onChange={(topP) => set({ topP })}
      />
      <Slider
        label="Min-p"
        value={now.minP}
        minimum={0}
        maximum={0.5}
        step={0.01}
        show={(value) => (value === 0 ? "all" : `${Math.round(100 * value)} % of the best`)}
        disabled={off}
        onChange={(minP) => set({ minP })}
      />
      <Slider
        label="Repetition penalty"
        value={now.repetitionPenalty}
        minimum={1}
        maximum={2}
        step={0.05}
        show={(value) => (value === 1 ? "none" : value.toFixed(2))}
        onChange={(repetitionPenalty) => set({ repetitionPenalty })}
      />
      <div class="columns">
        <NumberField
          label="Seed"
          value={now.seed}
          minimum={0}
          maximum={2 ** 32 - 1}
          whole
          disabled={off}
          onChange={(seed) => set({ seed })}
        />
        <NumberField
          label="Most tokens"
          value={maxTokens.value}
          minimum={1}
          maximum={2000}
          whole
          onChange={(most) => (maxTokens.value = most)}
        />
      </div>
      <button type="button" class="button" onClick={() => (settings.value = usualFor(openedModel.value!))}>
        As at the beginning
      </button>
    </section>
  );
}
