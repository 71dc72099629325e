import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { percent } from "../interface/numbers.ts";
import type { Preparing } from "../trainer/run-state.ts";
import { KeptRuns } from "./kept-runs.tsx";
import { PlanForm } from "./plan-form.tsx";
import { RunPanel } from "./run-panel.tsx";
import { control, findRuns, keptRuns, training } from "./training.ts";
import { useFocusBack } from "./use-focus-back.ts";
import "./train.css";

/** The place train: what is to be trained, and then how it goes. */
export function TrainView(): JSX.Element {
  useEffect(() => void findRuns(), []);
  const state = training.value;
  // What waits to be gone on with comes first; all others are a list below.
  const waiting = state === undefined && keptRuns.value.some(({ finished }) => !finished);
  return (
    <div class="stack train">
      <h1>Train</h1>
      {waiting && <KeptRuns />}
      {state === undefined ? (
        <PlanForm />
      ) : state.phase === "preparing" ? (
        <Preparation state={state} />
      ) : (
        <RunPanel run={state} />
      )}
      {!waiting && <KeptRuns />}
    </div>
  );
}

function Preparation({ state: { name, what, share } }: { readonly state: Preparing }): JSX.Element {
  const heading = useFocusBack("preparing");
  return (
    <section class="card stack" aria-labelledby="preparing">
      <h2 id="preparing" ref={heading} tabIndex={-1}>
        {name}
      </h2>
      <p role="status">
        {what} … {share !== undefined && <span class="number quiet">{percent(share)}</span>}
      </p>
      <progress value={share} max={1} aria-label={what} />
      <div class="row">
        <button
          type="button"
          class="button"
          onClick={() => void control("The run could not be called off", (it) => it.cancel())}
        >
          Call it off
        </button>
      </div>
    </section>
  );
}
