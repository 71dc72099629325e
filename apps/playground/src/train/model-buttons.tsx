import { Download, PenLine, ScanSearch } from "lucide-preact";
import type { JSX } from "preact";

import { go } from "../app/route.ts";
import type { ModelSource } from "../engine/model-source.ts";
import { count } from "../interface/numbers.ts";
import { saveFile } from "../interface/save-file.ts";
import { openModel } from "../model/session.ts";
import type { RunState } from "../trainer/run-state.ts";
import { modelFile } from "./training.ts";

/** What one can do with the model of a run. While it is being trained it is the one that was saved last. */
export function ModelButtons({ run }: { readonly run: RunState }): JSX.Element | null {
  const { phase, step, savedAt = 0, lasting } = run;
  if (step === 0) return null;
  const training = phase === "training";
  const usable = training ? lasting && savedAt > 0 : true;
  const use = async (place: "run" | "look-inside"): Promise<void> => {
    const source = await sourceOf(run);
    if (source === undefined) return;
    void openModel(source);
    go(place);
  };
  const download = async (storage: "F32" | "F16"): Promise<void> => {
    const file = await modelFile(run, storage);
    if (file !== undefined) saveFile(file.name, file);
  };
  return (
    <>
      <div class="row">
        <button type="button" class="button" disabled={!usable} onClick={() => void use("run")}>
          <PenLine size={16} aria-hidden="true" /> Use it in Run
        </button>
        <button type="button" class="button" disabled={!usable} onClick={() => void use("look-inside")}>
          <ScanSearch size={16} aria-hidden="true" /> Look inside
        </button>
        <button type="button" class="button" disabled={training} onClick={() => void download("F32")}>
          <Download size={16} aria-hidden="true" /> Download the model
        </button>
        <button type="button" class="button" disabled={training} onClick={() => void download("F16")}>
          <Download size={16} aria-hidden="true" /> Half the size (f16)
        </button>
      </div>
      <p class="small quiet">
        {training ? (
          `To download it, pause or stop.${savedAt > 0 && lasting ? ` In Run it is as it was at step ${count(savedAt)}.` : ""}`
        ) : (
          <>
            The file is one of <code>tenon train</code>:{" "}
            <code>{opensIt[run.facts.kind] ?? "tenon translate"} --model</code> opens it, and so does this page.
          </>
        )}
      </p>
    </>
  );
}

/** Which command uses a model of which kind. */
const opensIt: Readonly<Record<string, string>> = { decoder: "tenon generate", encoder: "tenon fill" };

/** Where the page finds the model: in its storage, where it is as it was saved last, or else in a file of memory. */
async function sourceOf(run: RunState): Promise<ModelSource | undefined> {
  if (run.lasting && (run.phase === "training" || run.savedAt === run.step)) return { kind: "saved", run: run.name };
  const file = await modelFile(run, "F32");
  return file && { kind: "files", files: [file] };
}
