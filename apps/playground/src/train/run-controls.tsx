import { Pause, Play, Square } from "lucide-preact";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { handFocus } from "../interface/hand-focus.ts";
import { NumberField } from "../interface/number-field.tsx";
import { Slider } from "../interface/slider.tsx";
import type { RunState } from "../trainer/run-state.ts";
import { chooseStart, draft } from "./draft.ts";
import { control, goOn, putAway } from "./training.ts";

/** What one can do to a run: as it goes, and when it has ended. */
export function RunControls({ run }: { readonly run: RunState }): JSX.Element {
  const { phase, name } = run;
  const isSaved = run.savedAt !== undefined;
  const going = phase === "training" || phase === "paused";
  if (!going)
    return (
      <div class="row">
        {(phase === "stopped" || phase === "failed") && isSaved && (
          <button type="button" class="button" onClick={() => void goOn(name, draft.value.backend)}>
            <Play size={16} aria-hidden="true" /> Go on
          </button>
        )}
        {phase === "failed" && isSaved && (
          <button type="button" class="button" onClick={() => void goOn(name, draft.value.backend, run.scale / 4)}>
            <Play size={16} aria-hidden="true" /> Go on with a quarter of the rate
          </button>
        )}
        {phase === "finished" && run.lasting && (
          <button
            type="button"
            class="button"
            onClick={() => {
              chooseStart(`saved:${name}`);
              another();
            }}
          >
            <Play size={16} aria-hidden="true" /> Train it further …
          </button>
        )}
        <button type="button" class="button" onClick={another}>
          Another run
        </button>
      </div>
    );
  return (
    <>
      <div class="row">
        {phase === "training" ? (
          <button
            type="button"
            class="button"
            onClick={() => void control("The run could not be paused", (it) => it.pause())}
          >
            <Pause size={16} aria-hidden="true" /> Pause
          </button>
        ) : (
          <button
            type="button"
            class="button primary"
            onClick={() => void control("The run could not go on", (it) => it.resume())}
          >
            <Play size={16} aria-hidden="true" /> Go on
          </button>
        )}
        <button
          type="button"
          class="button"
          onClick={() => void control("The run could not be stopped", (it) => it.stop())}
        >
          <Square size={16} aria-hidden="true" /> {isSaved ? "Stop and save" : "Stop"}
        </button>
      </div>
      <div class="columns turning">
        <Slider
          label="Learning rate"
          value={Math.log2(run.scale)}
          minimum={-6}
          maximum={3}
          step={0.25}
          show={(value) => `× ${Number((2 ** value).toPrecision(2))}`}
          hint="What the schedule says is multiplied by this, from the next step on."
          onChange={(value) => void control("The rate could not be changed", (it) => it.setScale(2 ** value))}
        />
        <BatchControl batch={run.batch} />
      </div>
    </>
  );
}

/** The form for the next run comes, and the button goes. */
function another(): void {
  putAway();
  handFocus(() => document.getElementById("plan-model"));
}

/** Another batch is asked for by a button: on the way to 32 there is a 3. */
function BatchControl({ batch }: { readonly batch: number }): JSX.Element {
  const [wanted, want] = useState(batch);
  return (
    <div class="batch-control">
      <NumberField
        label="Batch"
        value={wanted}
        minimum={1}
        maximum={1024}
        whole
        hint={`Now ${batch} pieces. The held-out loss keeps to the first number, so that its values can be compared.`}
        onChange={want}
      />
      <button
        type="button"
        class="button"
        aria-label="Change the batch"
        disabled={wanted === batch}
        onClick={() => void control("The batch could not be changed", (it) => it.setBatch(wanted))}
      >
        Change
      </button>
    </div>
  );
}
