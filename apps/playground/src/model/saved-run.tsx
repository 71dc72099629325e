import { Download, Trash2 } from "lucide-preact";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { handFocus } from "../interface/hand-focus.ts";
import { saveFile } from "../interface/save-file.ts";
import { attempt } from "../problems/problem.ts";
import { deleteRun, modelName, savedModel } from "./saved-runs.ts";

/** What can be done with a run that is saved in this browser, besides opening it. */
export function SavedRun({ run, onDeleted }: { readonly run: string; readonly onDeleted: () => void }): JSX.Element {
  const [asking, setAsking] = useState(false);
  const [keep, again] = [useRef<HTMLButtonElement>(null), useRef<HTMLButtonElement>(null)];
  useEffect(() => {
    if (asking) keep.current!.focus();
  }, [asking]);
  const download = async (): Promise<void> => {
    const file = await attempt("The model could not be saved", () => savedModel(run));
    if (file !== undefined) saveFile(`${run}.${modelName.split(".").at(-1)}`, file);
  };
  const remove = async (): Promise<void> => {
    const done = await attempt("The run could not be deleted", async () => {
      await deleteRun(run);
      return true;
    });
    if (done === true) onDeleted();
    else setAsking(false);
  };
  const keepIt = (): void => {
    setAsking(false);
    handFocus(() => again.current);
  };
  if (asking)
    return (
      <div class="row about" role="alertdialog" aria-label={`Delete ${run}?`}>
        <span>Delete “{run}” for good, with its checkpoints? What is open stays open.</span>
        <button type="button" class="button" onClick={() => void remove()}>
          Delete
        </button>
        <button type="button" class="button" ref={keep} onClick={keepIt}>
          Keep
        </button>
      </div>
    );
  return (
    <div class="row about">
      <button type="button" class="button" onClick={() => void download()}>
        <Download size={16} aria-hidden="true" /> Save as a file
      </button>
      <button type="button" class="button" ref={again} onClick={() => setAsking(true)}>
        <Trash2 size={16} aria-hidden="true" /> Delete …
      </button>
    </div>
  );
}
