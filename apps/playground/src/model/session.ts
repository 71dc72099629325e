import { batch, type ReadonlySignal, signal } from "@preact/signals";
import { proxy } from "comlink";

import { type BackendId, backendTitles, usualBackend } from "../backends/backend-id.ts";
import type { EngineApi } from "../engine/engine-api.ts";
import type { BackendInfo, ModelInfo, OpenProgress } from "../engine/model-info.ts";
import type { ModelSource } from "../engine/model-source.ts";
import { attempt, report } from "../problems/problem.ts";
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
const wanted = signal<ModelSource | undefined>(undefined);
const moving = signal<BackendId | undefined>(undefined);

/** The model that is open. */
export const openedModel: ReadonlySignal<ModelInfo | undefined> = model;
/** Where it came from; where none is open, what was to be opened. */
export const openedSource: ReadonlySignal<ModelSource | undefined> = source;
/** What computes it. */
export const usedBackend: ReadonlySignal<BackendInfo> = backend;
/** How far the opening of a model is; undefined when none is being opened. */
export const openProgress: ReadonlySignal<OpenProgress | undefined> = opening;
/** What is being opened. */
export const openingSource: ReadonlySignal<ModelSource | undefined> = wanted;
/** The backend that the model is on its way to. */
export const movingTo: ReadonlySignal<BackendId | undefined> = moving;

/** Counts what was asked for, so that what comes late is dropped. */
let latest = 0;
/**
 * Opens a model, on the backend in use, or to be used, or another. What runs on the one before is stopped. What goes wrong is
 * reported, and the model before stays, unless there was no room for both.
 */
export async function openModel(from: ModelSource, on: BackendId = moving.value ?? backend.value.id): Promise<void> {
  const mine = ++latest;
  batch(() => {
    wanted.value = from;
    opening.value = { done: 0, of: 0 };
    moving.value = undefined;
    if (model.value === undefined) [source.value, backend.value] = [from, { id: on, name: backendTitles[on] }];
  });
  const told = (progress: OpenProgress): void => {
    // What is told on the way may come after the answer.
    if (mine === latest && wanted.value === from) opening.value = progress;
  };
  let alone = false;
  const closed = (): void => {
    alone = true;
    batch(() => ([model.value, source.value] = [undefined, from]));
  };
  const opened = await attempt("The model could not be opened", async () => {
    try {
      void engine().running.stop();
      return await engine().models.open(from, on, proxy(told), proxy(closed));
    } catch (error) {
      // Whoever has asked for something else need not hear of it.
      if (mine !== latest) return undefined;
      throw error;
    }
  });
  if (opened === undefined && alone && mine === latest)
    report("The model before is closed", new Error("There was no room for both. Choose a model above."));
  batch(() => {
    if (mine === latest) wanted.value = opening.value = undefined;
    // Late or not: this is the model that the worker has.
    if (opened !== undefined) [model.value, source.value, backend.value] = [opened.info, from, opened.backend];
  });
}

/** Ends the opening that is under way; the model before stays. */
export function cancelOpening(): void {
  latest++;
  wanted.value = opening.value = undefined;
  void engine().models.cancel();
}

/** Lets another backend compute; what runs is stopped. What goes wrong is reported, and the one before goes on. */
export async function switchBackend(id: BackendId): Promise<void> {
  // What is being opened is opened there instead; and where none could be opened, another backend is the remedy.
  const next = wanted.value ?? (model.value === undefined ? source.value : undefined);
  if (next !== undefined) return openModel(next, id);
  const mine = ++latest;
  moving.value = id;
  const used = await attempt(`${backendTitles[id]} does not work here`, () => {
    void engine().running.stop();
    return engine().models.use(id);
  });
  batch(() => {
    if (mine === latest) moving.value = undefined;
    if (used !== undefined) backend.value = used;
  });
}
