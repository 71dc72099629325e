import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { backendIds, backendTitles } from "../backends/backend-id.ts";
import type { ModelSource } from "../engine/model-source.ts";
import { Choice, type Option } from "../interface/choice.tsx";
import { bytes, count } from "../interface/numbers.ts";
import { FileDrop } from "./file-drop.tsx";
import { savedRuns } from "./saved-runs.ts";
import { openedModel, openedSource, openModel, openProgress, usedBackend, switchBackend } from "./session.ts";
import { currentSpec } from "./current-spec.ts";

/** Which model is open, and what computes it: above what is done with it. A first one is opened by itself. */
export function ModelBar({ first }: { readonly first: ModelSource }): JSX.Element {
  const [dropping, setDropping] = useState(false);
  const [saved, setSaved] = useState<readonly string[]>([]);
  useEffect(() => {
    void savedRuns().then(setSaved);
    if (openedModel.value === undefined && openProgress.value === undefined) void openModel(first);
  }, []);

  const source = openedSource.value;
  const busy = openProgress.value !== undefined;
  const choose = (value: string): void => {
    setDropping(value === "files");
    if (value !== "files") void openModel(sourceOf(value));
  };
  return (
    <section class="card model-bar" aria-label="The model and what computes it">
      <Choice
        label="Model"
        value={dropping ? "files" : source === undefined ? valueOf(first) : valueOf(source)}
        options={optionsFor(saved, source)}
        disabled={busy}
        onChange={choose}
      />
      <Choice
        label="Computed by"
        value={usedBackend.value.id}
        options={backendIds.map((id) => ({ value: id, title: backendTitles[id] }))}
        disabled={busy}
        hint={usedBackend.value.name}
        onChange={(id) => void switchBackend(id)}
      />
      {dropping && (
        <FileDrop
          what="A model of Tenon, a folder of Hugging Face, or a GGUF file"
          onFiles={(files) => {
            setDropping(false);
            void openModel({ kind: "files", files });
          }}
        />
      )}
      <About again={() => void openModel(source ?? first)} />
    </section>
  );
}

/** What is open, or how far it is. */
function About({ again }: { readonly again: () => void }): JSX.Element {
  const [model, progress] = [openedModel.value, openProgress.value];
  if (progress !== undefined)
    return (
      <p class="about" role="status">
        Opening the model … {progress.of > 0 && <progress value={progress.done} max={progress.of} />}
      </p>
    );
  if (model === undefined)
    return (
      <p class="about row">
        No model is open.
        <button type="button" class="button" onClick={again}>
          Open it again
        </button>
      </p>
    );
  return (
    <p class="about small quiet" role="status">
      {model.about} {count(model.parameters)} parameters, {bytes(model.bytes)}.
    </p>
  );
}

const shipped: readonly Option<string>[] = [
  { value: "shipped:story-decoder", title: "Story decoder (comes with Tenon, tells stories)" },
  { value: "shipped:story-encoder", title: "Story encoder (comes with Tenon, fills gaps)" },
];

function optionsFor(saved: readonly string[], source: ModelSource | undefined): Option<string>[] {
  return [
    ...shipped,
    ...saved.map((run) => ({ value: `saved:${run}`, title: `${run} (trained here)` })),
    { value: "untrained", title: "What is assembled, untrained" },
    { value: "files", title: source?.kind === "files" ? "From files" : "From files …" },
  ];
}

const valueOf = (source: ModelSource): string =>
  source.kind === "shipped" ? `shipped:${source.name}` : source.kind === "saved" ? `saved:${source.run}` : source.kind;

function sourceOf(value: string): ModelSource {
  if (value.startsWith("saved:")) return { kind: "saved", run: value.slice("saved:".length) };
  if (value === "shipped:story-encoder") return { kind: "shipped", name: "story-encoder" };
  if (value === "untrained") return { kind: "untrained", spec: currentSpec.spec.value, seed: 1 };
  return { kind: "shipped", name: "story-decoder" };
}
