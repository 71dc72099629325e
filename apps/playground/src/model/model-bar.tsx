import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { amend, route } from "../app/route.ts";
import type { ModelSource } from "../engine/model-source.ts";
import { Choice } from "../interface/choice.tsx";
import { handFocus } from "../interface/hand-focus.ts";
import { attempt } from "../problems/problem.ts";
import { AboutModel } from "./about-model.tsx";
import { backendIn, remembered, sourceIn } from "./address.ts";
import { BackendChoice } from "./backend-choice.tsx";
import { openFiles } from "./choose-files.ts";
import { FileDrop } from "./file-drop.tsx";
import { LargeModel } from "./large-model.tsx";
import { modelOptions, optionOf, sourceOf } from "./model-choice.ts";
import { PageDrop } from "./page-drop.tsx";
import { SavedRun } from "./saved-run.tsx";
import { savedRuns } from "./saved-runs.ts";
import { openedModel, openedSource, openingSource, openModel, openProgress, usedBackend } from "./session.ts";

/** Which model is open, and what computes it: above what is done with it. The one that the address names is opened by itself, or else `first`. */
export function ModelBar({ first }: { readonly first: ModelSource }): JSX.Element {
  const [dropping, setDropping] = useState(false);
  const [saved, setSaved] = useState<readonly string[]>([]);
  const look = (): void => void savedRuns().then(setSaved);
  const source = openedSource.value;
  const backend = usedBackend.value.id;

  useEffect(() => {
    look();
    if (openedModel.value === undefined && openProgress.value === undefined) void openFirst(first);
  }, []);
  useEffect(() => {
    if (openedModel.value === undefined) return undefined;
    let late = false;
    void remembered(source, backend, first).then((changes) => late || amend({ ...changes }));
    return () => (late = true);
  }, [source, backend, openedModel.value]);

  const take = (files: readonly File[]): void => {
    setDropping(false);
    void openFiles(files);
  };
  const deleted = (): void => {
    look();
    handFocus(() => document.querySelector<HTMLElement>(".model-bar select"));
  };
  const choose = (option: string): void => {
    const chosen = sourceOf(option);
    setDropping(option === "files");
    if (chosen !== undefined) void openModel(chosen);
  };
  return (
    <section class="card model-bar" aria-label="The model and what computes it">
      <Choice
        label="Model"
        value={dropping ? "files" : optionOf(openingSource.value ?? source ?? first)}
        options={modelOptions(saved, source, openedModel.value?.name)}
        hint="Or drop one on the page: a file of Tenon's, a folder of Hugging Face, or a GGUF file, of up to 3 GiB of weights."
        onChange={choose}
      />
      <BackendChoice />
      {dropping && <FileDrop what="A model of Tenon, a folder of Hugging Face, or a GGUF file" onFiles={take} />}
      <LargeModel />
      <AboutModel again={() => void openModel(source ?? first, backend)} />
      {source?.kind === "saved" && saved.includes(source.run) && <SavedRun run={source.run} onDeleted={deleted} />}
      <PageDrop onFiles={take} />
    </section>
  );
}

/** Opens what the address names, or else `first`. */
async function openFirst(first: ModelSource): Promise<void> {
  const { parameters } = route.value;
  const asked = await attempt("The model of this address could not be opened", () => sourceIn(parameters));
  await openModel(asked ?? first, backendIn(parameters));
}
