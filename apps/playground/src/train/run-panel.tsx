import type { JSX } from "preact";

import { count, duration } from "../interface/numbers.ts";
import type { RunState } from "../trainer/run-state.ts";
import { lossText } from "./loss-text.ts";
import { LossCharts } from "./loss-charts.tsx";
import { ModelButtons } from "./model-buttons.tsx";
import { RunControls } from "./run-controls.tsx";
import { SampleList } from "./sample-list.tsx";
import { useFocusBack } from "./use-focus-back.ts";

/** A run: where it is, what one can do with it, its losses and its samples. */
export function RunPanel({ run }: { readonly run: RunState }): JSX.Element {
  const heading = useFocusBack(run.phase);
  return (
    <>
      <section class="card run-head" aria-labelledby="run-name">
        <h2 id="run-name" ref={heading} tabIndex={-1}>
          {run.name}
        </h2>
        <p class="small quiet facts">{factsOf(run)}</p>
        <progress value={run.step} max={run.steps} aria-label="Steps done" />
        <Numbers run={run} />
        {run.error !== undefined && (
          <p class="bad" role="alert">
            {run.error}
          </p>
        )}
        {run.storageProblem !== undefined && (
          <p class="bad" role="status">
            {run.storageProblem} Training is not held up by it, but what is not downloaded is lost with the page.
          </p>
        )}
        <p class="small" role="status">
          {situation(run)}
        </p>
        <RunControls run={run} />
        <ModelButtons run={run} />
      </section>
      <div class="run-body">
        <section class="card" aria-labelledby="run-losses">
          <h2 id="run-losses">How it goes</h2>
          <LossCharts curve={run.curve} />
        </section>
        <section class="card" aria-labelledby="run-samples">
          <h2 id="run-samples">What it says</h2>
          <SampleList samples={run.samples} />
        </section>
      </div>
    </>
  );
}

function factsOf({ facts }: RunState): string {
  const { kind, parameters, vocabulary, text, tokens, window, backend, began } = facts;
  const what = began === undefined ? `A new ${kind}` : `${began}, further: ${kind}`;
  return `${what}, ${count(parameters)} parameters, ${count(vocabulary)} tokens to choose from. Learns from ${text} (${count(tokens)} tokens), in pieces of ${window}. Computed by ${backend}.`;
}

function Numbers({ run }: { readonly run: RunState }): JSX.Element {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Step", `${count(run.step)} of ${count(run.steps)}`],
    ["Loss", run.loss === undefined ? undefined : lossText(run.loss)],
    ["Held-out loss", run.heldOut && `${lossText(run.heldOut.loss)} at ${count(run.heldOut.step)}`],
    ["Gradients’ norm", run.gradientNorm?.toPrecision(3)],
    ["Learning rate", run.rate?.toExponential(1)],
    ["Tokens a second", run.tokensPerSecond === undefined ? undefined : count(Math.round(run.tokensPerSecond))],
    ["Time left", run.phase === "training" && run.secondsLeft !== undefined ? duration(run.secondsLeft) : undefined],
  ];
  return (
    <dl class="run-numbers">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="number">{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Where it is, in a sentence that changes seldom: it is read aloud. */
function situation({ phase, next, savedAt, heldOut, lasting, steps }: RunState): string {
  const learned =
    heldOut === undefined ? "" : ` Held-out loss ${lossText(heldOut.loss)} after ${count(heldOut.step)} steps.`;
  const saved = savedAt === undefined ? "" : lasting ? ` Saved at step ${count(savedAt)}.` : "";
  switch (phase) {
    case "training":
      if (next !== undefined) return next === "pause" ? "It pauses after this step …" : "It stops after this step …";
      return `It trains; you may look elsewhere on the page meanwhile.${learned}`;
    case "paused":
      return `Paused.${saved}${learned}`;
    case "stopped":
      return `Stopped.${saved}${lasting ? " It can go on at any time." : ""}${learned}`;
    case "finished":
      return `Finished, ${steps === 1 ? "its only step" : `all ${count(steps)} steps`}.${learned}`;
    case "failed":
      return `It ended by itself.${saved}`;
  }
}
