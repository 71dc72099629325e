import { ConfigError } from "@tenon/tensor";
import { transfer } from "comlink";

import type { BackendId } from "../backends/backend-id.ts";
import { type Computing, makeBackend } from "../backends/make-backend.ts";
import type { Follow } from "./begin.ts";
import { keptRun, newRun, type Prepared, runOf } from "./prepare-run.ts";
import type { RunPlan } from "./run-plan.ts";
import type { SavedRun, TrainerState } from "./run-state.ts";
import { browserLock, type LockRun } from "./storage/run-lock.ts";
import { openShelf, type RunShelf } from "./storage/run-shelf.ts";
import { savedRun } from "./storage/saved-run.ts";
import { SpareFiles } from "./storage/spare-files.ts";
import type { TrainingRun } from "./training-run.ts";

/** What the trainer needs of its surroundings; the browser's, unless others are given. */
export interface Surroundings {
  readonly shelf?: (() => Promise<RunShelf>) | undefined;
  readonly lock?: LockRun | undefined;
}

type Tell = (state: TrainerState) => void;

/** Trains a model, one at a time. What a run has shown and learned is there until the next begins. */
export class Trainer {
  readonly #openShelf: () => Promise<RunShelf>;
  readonly #lock: LockRun;
  #shelf: Promise<RunShelf> | undefined;
  /** By name: what the storage did not take of a run is here until the page is closed. */
  readonly #files = new Map<string, SpareFiles>();
  #run: TrainingRun | undefined;
  #preparing: AbortController | undefined;
  /** What the last run leaves behind, to be given back before the next. */
  #leave: () => void = () => undefined;

  constructor({ shelf = openShelf, lock = browserLock }: Surroundings = {}) {
    this.#openShelf = shelf;
    this.#lock = lock;
  }

  /** All runs that are kept, with how far they are. */
  async runs(): Promise<readonly SavedRun[]> {
    const shelf = await this.#kept();
    const found = await Promise.all((await shelf.names()).map((name) => savedRun(name, shelf)));
    return found.filter((run) => run !== undefined);
  }

  /** Deletes a run with its model. Throws `ConfigError` for the one that is under way, here or in another tab. */
  async remove(name: string): Promise<void> {
    if (this.#run?.state.name === name && ["training", "paused"].includes(this.#run.phase))
      throw new ConfigError(`the run "${name}" is under way. Stop it first.`, { name });
    const release = await this.#lock(name);
    try {
      await (await this.#kept()).remove(name);
      this.#files.delete(name);
    } finally {
      release();
    }
  }

  /**
   * Prepares a run and lets it go. Resolves when its first step is about to be taken; from then on `tell` hears of it. Throws `ConfigError` for a plan
   * that cannot be carried out, `BackendError` for a backend that does not work here, and the signal's reason after {@link cancel}.
   */
  begin(plan: RunPlan, backend: BackendId, tell: Tell): Promise<void> {
    return this.#prepare(plan.name, backend, tell, (shelf, computing, follow) =>
      newRun(plan, shelf, computing.backend, follow),
    );
  }

  /** Goes on with a run that is kept, from its last checkpoint. `scale` multiplies the rate from there on. Throws as {@link begin} does, and `CheckpointError` for a damaged one. */
  goOn(name: string, backend: BackendId, tell: Tell, scale?: number): Promise<void> {
    return this.#prepare(
      name,
      backend,
      tell,
      (shelf, computing, follow) => keptRun(this.#filesOf(name, shelf), computing.backend, follow),
      scale,
    );
  }

  /** Ends the preparation of a run. */
  cancel(): void {
    this.#preparing?.abort();
  }

  pause(): void {
    this.#current.pause();
  }
  resume(): void {
    this.#current.resume();
  }
  stop(): void {
    this.#current.stop();
  }
  save(): void {
    this.#run?.save();
  }
  setScale(scale: number): void {
    this.#current.setScale(scale);
  }
  setBatch(batch: number): Promise<void> {
    return this.#current.setBatch(batch);
  }
  /** The model as a file of `tenon train`. Throws `ConfigError` while it is being trained. */
  async modelBytes(storage: "F32" | "F16"): Promise<Uint8Array> {
    const bytes = await this.#current.modelBytes(storage);
    return transfer(bytes, [bytes.buffer]);
  }

  get #current(): TrainingRun {
    if (this.#run !== undefined) return this.#run;
    throw new ConfigError("there is no run. Begin one, or go on with one that is kept.");
  }

  #filesOf(name: string, shelf: RunShelf): SpareFiles {
    const files = this.#files.get(name) ?? new SpareFiles(shelf.folder(name));
    this.#files.set(name, files);
    return files;
  }

  #kept(): Promise<RunShelf> {
    return (this.#shelf ??= this.#openShelf());
  }

  async #prepare(
    name: string,
    backend: BackendId,
    tell: Tell,
    make: (shelf: RunShelf, computing: Computing, follow: Follow) => Promise<Prepared>,
    scale?: number,
  ): Promise<void> {
    this.#expectFree();
    const preparing = new AbortController();
    this.#preparing = preparing;
    const undo: (() => void)[] = [];
    const follow: Follow = {
      signal: preparing.signal,
      tell: (what, share) => tell({ phase: "preparing", name, what, share }),
    };
    try {
      follow.tell("Starting what computes");
      const release = await this.#lock(name);
      undo.push(release);
      const computing = await makeBackend(backend);
      undo.push(() => computing.close());
      const shelf = await this.#kept();
      const prepared = await make(shelf, computing, follow);
      undo.push(() => prepared.model[Symbol.dispose]());
      const { notLasting } = shelf;
      const files = this.#filesOf(name, shelf);
      const run = await runOf(prepared, { files, notLasting, backend: computing.backend, follow, tell, scale });
      preparing.signal.throwIfAborted();
      await prepared.leave?.(files);
      // Only now: a run that cannot begin leaves the one before as it was.
      this.#leave();
      this.#leave = () =>
        undo
          .slice(1)
          .reverse()
          .forEach((each) => each());
      this.#run = run;
      void run.run().then(release);
    } catch (error) {
      for (const each of undo.reverse()) each();
      throw error;
    } finally {
      this.#preparing = undefined;
    }
  }

  #expectFree(): void {
    const going = this.#run !== undefined && ["training", "paused"].includes(this.#run.phase);
    if (!going && this.#preparing === undefined) return;
    throw new ConfigError("a run is under way, and there can be one at a time. Stop it first.");
  }
}
