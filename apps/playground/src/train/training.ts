import { type ReadonlySignal, signal } from "@preact/signals";
import { proxy } from "comlink";

import type { BackendId } from "../backends/backend-id.ts";
import { attempt, dismiss, problems } from "../problems/problem.ts";
import type { RunPlan } from "../trainer/run-plan.ts";
import type { RunState, SavedRun, TrainerState } from "../trainer/run-state.ts";
import type { TrainerApi } from "../trainer/trainer-api.ts";
import { type Served, startWorker } from "../workers/worker-client.ts";
import { guard } from "./guard.ts";
import { runsInStorage } from "./runs-in-storage.ts";
import { Steady } from "./steady.ts";

let started: Served<TrainerApi> | undefined;

/** The worker that trains; it starts when it is asked for first, and goes on wherever on the page one is. */
function trainer(): Served<TrainerApi>["trainer"] {
  started ??= startWorker<TrainerApi>(
    new Worker(new URL("../trainer/trainer.worker.ts", import.meta.url), { type: "module", name: "trainer" }),
    "The worker that trains",
    lost,
  );
  return started.trainer;
}

/** What was saved of the run is still there to go on with. */
function lost(): void {
  started = undefined;
  if (current.value === undefined) return;
  current.value = undefined;
  void findRuns();
}

const current = signal<TrainerState | undefined>(undefined);
const kept = signal<readonly SavedRun[]>([]);

/** The run that is being prepared, is under way, or has ended and was not put away yet. */
export const training: ReadonlySignal<TrainerState | undefined> = current;
/** The runs in the browser's storage. */
export const keptRuns: ReadonlySignal<readonly SavedRun[]> = kept;

/** Is something going on that a second run would disturb? */
export const isGoing = (state: TrainerState | undefined): boolean =>
  state !== undefined && ["preparing", "training", "paused"].includes(state.phase);

/** Looks which runs are kept. */
export async function findRuns(): Promise<void> {
  const found = await attempt("The runs in the browser's storage could not be listed", () =>
    started === undefined ? runsInStorage() : trainer().runs(),
  );
  if (found !== undefined) kept.value = found;
}

/** Begins a run; whether it has begun. What goes wrong before its first step is reported, and there is none then. */
export function beginRun(plan: RunPlan, backend: BackendId): Promise<boolean> {
  return start(plan.name, "The run could not begin", (tell) => trainer().begin(plan, backend, tell));
}

/** Goes on with a run that is kept; `scale` multiplies its learning rate from there on. */
export function goOn(name: string, backend: BackendId, scale?: number): Promise<boolean> {
  return start(name, `The run "${name}" could not go on`, (tell) => trainer().goOn(name, backend, tell, scale));
}

async function start(
  name: string,
  title: string,
  run: (tell: (state: TrainerState) => void) => Promise<void>,
): Promise<boolean> {
  const before = training.value?.phase === "preparing" ? undefined : training.value;
  current.value = { phase: "preparing", name, what: "Starting" };
  guard(current, () => void trainer().save());
  let over = false;
  const told = (state: TrainerState): void => {
    if (!over) heard(state);
  };
  const begun = await attempt(title, async () => {
    try {
      await run(proxy(told));
      return true;
    } catch (error) {
      // It was called off.
      if (error instanceof Error && error.name === "AbortError") return false;
      throw error;
    }
  });
  // What was told before it failed may come after.
  over = begun !== true;
  if (begun === true) forget(title);
  else if (training.value?.phase === "preparing") current.value = before;
  return begun === true;
}

/** What kept a run from beginning does not matter once one has begun. */
function forget(title: string): void {
  for (const problem of problems.value) if (problem.title === title) dismiss(problem);
}

const steady = new Steady();

function heard(told: TrainerState): void {
  const state = steady.of(told);
  const ended = state.phase !== current.value?.phase && ["stopped", "finished", "failed"].includes(state.phase);
  current.value = state;
  if (ended) void findRuns();
}

/** Does something to the run that is under way. */
export async function control(
  title: string,
  body: (trainer: Served<TrainerApi>["trainer"]) => Promise<void>,
): Promise<void> {
  await attempt(title, () => body(trainer()));
}

/** Puts a run that has ended away, to begin another. */
export function putAway(): void {
  if (!isGoing(current.value)) current.value = undefined;
}

/** Deletes a run that is kept. */
export async function removeRun(name: string): Promise<void> {
  await attempt(`The run "${name}" could not be deleted`, () => trainer().remove(name));
  const state = current.value;
  if (state !== undefined && state.name === name) putAway();
  await findRuns();
}

/** The model of a run as a file. */
export function modelFile(run: RunState, storage: "F32" | "F16"): Promise<File | undefined> {
  return attempt("The model could not be saved", async () => {
    const bytes = (await trainer().modelBytes(storage)) as Uint8Array<ArrayBuffer>;
    return new File([bytes], `${run.name}${storage === "F16" ? "-f16" : ""}.safetensors`);
  });
}
