import type { FunctionComponent, JSX } from "preact";
import { memo } from "preact/compat";

import { count } from "../interface/numbers.ts";
import type { Sample } from "../trainer/run-state.ts";

/** What the model made of its prompts, the latest first: so one sees it learn. */
export const SampleList: FunctionComponent<{ readonly samples: readonly Sample[] }> = memo(({ samples }) => {
  if (samples.length === 0) return <p class="quiet">The first samples come after the first step.</p>;
  const steps = [...new Set(samples.map(({ step }) => step))].reverse();
  return (
    // What scrolls must be within reach of the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div class="samples" role="region" aria-label="Samples by step" tabIndex={0}>
      {steps.map((step) => (
        <div class="sample-step" key={step}>
          <h3 class="small quiet number">Step {count(step)}</h3>
          <div>
            {samples
              .filter((sample) => sample.step === step)
              .map((sample) => (
                <SampleText key={sample.prompt} sample={sample} />
              ))}
          </div>
        </div>
      ))}
    </div>
  );
});

function SampleText({ sample: { pieces, prompt, problem } }: { readonly sample: Sample }): JSX.Element {
  if (problem !== undefined)
    return (
      <p class="quiet">
        {prompt}: {problem}
      </p>
    );
  return (
    <p>
      {pieces.map(({ text, by }, i) =>
        by === "model" ? (
          <mark key={i}>{text}</mark>
        ) : (
          <span key={i} class={by === "note" ? "quiet" : undefined}>
            {text}
          </span>
        ),
      )}
    </p>
  );
}
