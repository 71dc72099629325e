import { BackendError } from "@tenon/tensor";

import { closed, patience, takeUnits, word, words, type Run } from "./control.ts";
import { startWorker, type WorkerHandle } from "./start-worker.ts";

/** Why a worker could not be started: its message is a clause, "workers are not allowed here: …". */
export class WorkersUnavailable extends Error {}

/** How long the owner waits for a worker that has stopped answering, in ms: units of work take some milliseconds at most. */
const deadline = 10_000;

/**
 * Threads over one memory: the owner, who calls {@link run}, and workers. They take units of a job from one counter, so that a thread
 * that lost its core holds nobody up for longer than a unit; who computes what has no influence on the result.
 */
export class Pool {
  readonly #control: Int32Array;
  readonly #workers: readonly WorkerHandle[];
  readonly #parameters: number;
  readonly #scratch: number;
  /** Why no job can run any more. */
  #broken: BackendError | undefined;

  private constructor(control: Int32Array, workers: readonly WorkerHandle[], parameters: number, scratch: number) {
    this.#control = control;
    this.#workers = workers;
    this.#parameters = parameters;
    this.#scratch = scratch;
    for (const worker of workers) worker.onDeath((why) => this.#break(why));
  }

  /**
   * Starts `workers` workers on the module. Thread n has its scratch at `scratch(n)`; the owner is thread 0. Rejects, with all of them
   * stopped again, when one cannot be started.
   */
  static async start(o: {
    workers: number;
    bytes: Uint8Array<ArrayBuffer>;
    memory: WebAssembly.Memory;
    names: readonly string[];
    parameters: number;
    scratch: (thread: number) => number;
  }): Promise<Pool> {
    const control = new Int32Array(new SharedArrayBuffer(4 * words));
    control[word.joined] = closed;
    const { bytes, memory, names, parameters } = o;
    const begun = Array.from({ length: o.workers }, (_, i) =>
      startWorker({ bytes, memory, control, names, parameters, scratch: o.scratch(i + 1) }),
    );
    const started = await Promise.allSettled(begun);
    const workers = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failure = started.find((each) => each.status === "rejected");
    if (failure !== undefined) {
      for (const worker of workers) worker.stop();
      throw new WorkersUnavailable(`workers cannot be started here: ${(failure.reason as Error).message}`);
    }
    return new Pool(control, workers, parameters, o.scratch(0));
  }

  get threads(): number {
    return this.#workers.length + 1;
  }

  #break(why: string): BackendError {
    this.#broken ??= new BackendError(
      `wasm: ${why}, so nothing more can be computed on this backend. Make a new one with wasm(), and upload to it again.`,
      { threads: this.threads },
    );
    return this.#broken;
  }

  /** Computes all units of a job on all threads; returns when they are done. */
  run(kernel: number, run: Run, units: number, grain: number): void {
    if (this.#broken !== undefined) throw this.#broken;
    const control = this.#control;
    control[word.units] = units;
    control[word.grain] = grain;
    control[word.kernel] = kernel;
    Atomics.store(control, word.next, 0);
    Atomics.store(control, word.joined, 0); // open: all that is above is written
    Atomics.add(control, word.job, 1);
    const useful = Math.ceil(units / grain) - 1; // workers beyond would find nothing
    if (Atomics.load(control, word.asleep) > 0) Atomics.notify(control, word.job, useful);
    try {
      takeUnits(control, run, this.#parameters, this.#scratch);
    } finally {
      this.#close();
    }
    if (Atomics.load(control, word.trapped) === 1) throw this.#break("a kernel trapped on a worker");
  }

  /** Waits until no worker is at the job, and lets none join. */
  #close(): void {
    const control = this.#control;
    const since = performance.now();
    for (let turn = 1; ; turn++) {
      const joined = Atomics.compareExchange(control, word.joined, 0, closed);
      if (joined === 0) return;
      if (turn % 64 !== 0) continue;
      const waited = performance.now() - since;
      if (waited > deadline)
        throw this.#break(
          `a worker has not finished its part of a kernel for ${deadline / 1000} s; it was stopped, or it lost its core`,
        );
      if (waited > patience && mayBlock) {
        Atomics.store(control, word.ownerAsleep, 1);
        Atomics.wait(control, word.joined, joined, 100);
        Atomics.store(control, word.ownerAsleep, 0);
      }
    }
  }

  /** Stops the workers. */
  stop(): void {
    this.#break("close() was called");
    for (const worker of this.#workers) worker.stop();
  }
}

/** A page's main thread may not sleep: there the owner looks until the last unit is done. */
const mayBlock: boolean = (() => {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false; // a TypeError on the main thread of a page, a ReferenceError without SharedArrayBuffer
  }
})();
