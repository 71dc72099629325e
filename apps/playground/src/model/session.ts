import { type ReadonlySignal, signal } from "@preact/signals";
import { proxy } from "comlink";

import { type BackendId, backendTitles, usualBackend } from "../backends/backend-id.ts";
import type { EngineApi } from "../engine/engine-api.ts";
import type { BackendInfo, ModelInfo, OpenProgress } from "../engine/model-info.ts";
import type { ModelSource } from "../engine/model-source.ts";
import { attempt } from "../problems/problem.ts";
import { type Served, startWorker } from "../workers/worker-client.ts";

let started: Served<EngineApi> | undefined;

/** The worker with the open model; it starts when it is asked for first. */
export function engine(): Served<EngineApi> {
  started ??= startWorker<EngineApi>(
    new Worker(new URL("../engine/engine.worker.ts", import.meta.url), { type: "module", name: "engine" }),
    "The worker that computes",
    () => (started = model.value = undefined),
  );
  return started;
}

const model = signal<ModelInfo | undefined>(undefined);
const source = signal<ModelSource | undefined>(undefined);
const backend = signal<BackendInfo>({ id: usualBackend, name: backendTitles[usualBackend] });
const opening = signal<OpenProgress | undefined>(undefined);

/** The model that is open. */
export const openedModel: ReadonlySignal<ModelInfo | undefined> = model;
/** Where it came from. */
export const openedSource: ReadonlySignal<ModelSource | undefined> = source;
/** What computes it. */
export const usedBackend: ReadonlySignal<BackendInfo> = backend;
/** How far the opening of a model is; undefined when none is being opened. */
export const openProgress: ReadonlySignal<OpenProgress | undefined> = opening;

/** Opens a model. What goes wrong is reported, and the model before stays. */
export async function openModel(from: ModelSource): Promise<void> {
  opening.value = { done: 0, of: 0 };
  const { id } = backend.value;
  const opened = await attempt("The model could not be opened", async () => {
    const info = await engine().models.open(
      from,
      id,
      proxy((progress: OpenProgress) => void (opening.value = progress)),
    );
    return { info, backend: await engine().models.use(id) };
  });
  opening.value = undefined;
  if (opened === undefined) return;
  [model.value, source.value, backend.value] = [opened.info, from, opened.backend];
}

/** Lets another backend compute. What goes wrong is reported, and the one before goes on. */
export async function switchBackend(id: BackendId): Promise<void> {
  const used = await attempt(`${backendTitles[id]} does not work here`, () => engine().models.use(id));
  if (used !== undefined) backend.value = used;
}
