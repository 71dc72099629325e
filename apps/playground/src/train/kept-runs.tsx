import { PenLine, Play, Trash2 } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { go } from "../app/route.ts";
import { count } from "../interface/numbers.ts";
import { openModel } from "../model/session.ts";
import type { SavedRun } from "../trainer/run-state.ts";
import { draft } from "./draft.ts";
import { lossText } from "./loss-text.ts";
import { goOn, isGoing, keptRuns, removeRun, training } from "./training.ts";

/** The runs in the browser's storage, to go on with, or to delete: those that are not finished first. */
export function KeptRuns(): JSX.Element | null {
  const shown = training.value?.name;
  const runs = keptRuns.value
    .filter(({ name }) => name !== shown)
    .sort((a, b) => Number(a.finished) - Number(b.finished));
  if (runs.length === 0) return null;
  return (
    <section class="card" aria-labelledby="kept-runs">
      <h2 id="kept-runs">Runs in this browser</h2>
      <ul class="kept-runs">
        {runs.map((run) => (
          <KeptRun key={run.name} run={run} />
        ))}
      </ul>
    </section>
  );
}

function KeptRun({ run }: { readonly run: SavedRun }): JSX.Element {
  const [sure, ask] = useState(false);
  const { name, kind, text, step, steps, heldOut, finished, lasting } = run;
  const use = (): void => {
    void openModel({ kind: "saved", run: name });
    go("run");
  };
  const remove = async (): Promise<void> => {
    await removeRun(name);
    // The button that had the focus is gone.
    requestAnimationFrame(() => {
      const heading = document.getElementById("kept-runs") ?? document.querySelector<HTMLElement>("main h1")!;
      heading.tabIndex = -1;
      heading.focus();
    });
  };
  const loss = heldOut === undefined ? "" : `, held-out loss ${lossText(heldOut)}`;
  return (
    <li>
      <span>
        <strong>{name}</strong>{" "}
        <span class="small quiet">
          {kind} on {text}: {finished ? `finished, ${count(steps)} steps` : `${count(step)} of ${count(steps)} steps`}
          {loss}
        </span>
      </span>
      <span class="row">
        {!finished && (
          <button
            type="button"
            class="button"
            aria-label={`Go on with ${name}`}
            disabled={isGoing(training.value)}
            onClick={() => void goOn(name, draft.value.backend)}
          >
            <Play size={16} aria-hidden="true" /> Go on
          </button>
        )}
        {step > 0 && lasting && (
          <button type="button" class="button" aria-label={`Use it in Run: ${name}`} onClick={use}>
            <PenLine size={16} aria-hidden="true" /> Use it in Run
          </button>
        )}
        <button
          type="button"
          class="button"
          aria-label={sure ? `Delete ${name} for good` : `Delete ${name}`}
          onClick={() => (sure ? void remove() : ask(true))}
          onBlur={() => ask(false)}
        >
          <Trash2 size={16} aria-hidden="true" /> {sure ? "For good?" : "Delete"}
        </button>
      </span>
    </li>
  );
}
