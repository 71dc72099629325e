import { X } from "lucide-preact";
import type { JSX } from "preact";

import { bytes, count, percent } from "../interface/numbers.ts";
import { currentSpec } from "./current-spec.ts";
import { cancelOpening, openedModel, openedSource, openModel, openProgress } from "./session.ts";

/** What is open, or how far it is. */
export function AboutModel({ again }: { readonly again: () => void }): JSX.Element {
  const [model, progress, source] = [openedModel.value, openProgress.value, openedSource.value];
  if (progress !== undefined) {
    const { done, of } = progress;
    return (
      <div class="about row">
        <span role="status">Opening the model …</span>
        {of > 0 && <progress aria-label="How much of it is there" value={done} max={of} />}
        {of > 0 && <span class="number">{percent(done / of)}</span>}
        <button type="button" class="button" onClick={cancelOpening}>
          <X size={16} aria-hidden="true" /> Leave it
        </button>
      </div>
    );
  }
  if (model === undefined)
    return (
      <p class="about row">
        No model is open.
        <button type="button" class="button" onClick={again}>
          Open it again
        </button>
      </p>
    );
  const changed = source?.kind === "untrained" && source.spec !== currentSpec.spec.value;
  return (
    <>
      <p class="about small quiet" role="status">
        {model.about} {count(model.parameters)} parameters, {bytes(model.bytes)}.
        {source?.kind === "files" && " The page does not keep it: after a reload, choose its files again."}
      </p>
      {changed && (
        <p class="about row small">
          What is assembled is another model by now.
          <button
            type="button"
            class="button"
            onClick={() => void openModel({ kind: "untrained", spec: currentSpec.spec.value, seed: 1 })}
          >
            Open it as it is
          </button>
        </p>
      )}
    </>
  );
}
