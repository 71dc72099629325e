import { BackendError } from "@tenon/tensor";

import { closed, codeBytes, patience, takeUnits, word, words, type Run } from "./control.ts";
import { startWorker, type StartWorker, type WorkerHandle, type WorkerStart } from "./start-worker.ts";

/** Why a worker could not be started: its message is a clause, "workers are not allowed here: …". */
export class WorkersUnavailable extends Error {}

/** How long the owner waits for a worker that does not answer, in ms: units of work take some milliseconds at most. */
const usualDeadline = 10_000;

/** What tests change. */
export interface PoolSettings {
  readonly deadline?: number;
  readonly startWorker?: StartWorker;
}

/**
 * Threads over one memory: the owner, who calls {@link run}, and workers. They take units of a job from one counter, so that a thread
 * that lost its core holds nobody up for longer than a unit; who computes what has no influence on the result.
 */
export class Pool {
  readonly #control: Int32Array;
  readonly #code: Uint8Array;
  /** Where the code of each kernel begins; the last number is where there is room. */
  readonly #codeAt: number[] = [0];
  readonly #workers: readonly WorkerHandle[];
  readonly #parameters: number;
  readonly #scratch: number;
  readonly #deadline: number;
  #broken: BackendError | undefined;

  private constructor(start: WorkerStart, workers: readonly WorkerHandle[], deadline: number) {
    this.#control = start.control;
    this.#code = start.code;
    this.#workers = workers;
    this.#parameters = start.parameters;
    this.#scratch = start.scratch;
    this.#deadline = deadline;
    for (const worker of workers) worker.onDeath((why) => this.#break(why));
  }

  /**
   * Starts `workers` workers. Thread n has its scratch at `scratch(n)`; the owner is thread 0. Rejects, with all of them stopped again,
   * when one cannot be started.
   */
  static async start({
    workers,
    memory,
    parameters,
    scratch,
    deadline = usualDeadline,
    startWorker: begin = startWorker,
  }: PoolSettings & {
    workers: number;
    memory: WebAssembly.Memory;
    parameters: number;
    scratch: (thread: number) => number;
  }): Promise<Pool> {
    const control = new Int32Array(new SharedArrayBuffer(4 * words));
    control[word.joined] = closed;
    const code = new Uint8Array(new SharedArrayBuffer(codeBytes));
    const start = (thread: number): WorkerStart => ({ memory, control, code, parameters, scratch: scratch(thread) });
    const begun = Array.from({ length: workers }, (_, i) => begin(start(i + 1), deadline));
    const started = await Promise.allSettled(begun);
    const running = started.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failure = started.find((each) => each.status === "rejected");
    if (failure !== undefined) {
      for (const worker of running) worker.stop();
      throw new WorkersUnavailable(`workers cannot be started here: ${(failure.reason as Error).message}`);
    }
    return new Pool(start(0), running, deadline);
  }

  get threads(): number {
    return this.#workers.length + 1;
  }

  /** How many workers take part by now. */
  get arrived(): number {
    return Atomics.load(this.#control, word.arrived);
  }

  /** Why no job can run any more, once that is so. */
  get broken(): BackendError | undefined {
    return this.#broken;
  }
  /** From now on nothing runs, and nobody writes: a worker that was late would write into memory that others have by then. */
  #break(why: string): BackendError {
    if (this.#broken !== undefined) return this.#broken;
    for (const worker of this.#workers) worker.stop();
    this.#broken = new BackendError(
      `wasm: ${why}, so nothing more can be computed on this backend. Make a new one with wasm(), and upload to it again.`,
      { threads: this.threads },
    );
    return this.#broken;
  }

  /** Makes a kernel's module known to the workers; gives the kernel's number. */
  add(module: Uint8Array): number {
    const kernel = this.#codeAt.length - 1;
    const from = this.#codeAt[kernel]!;
    this.#code.set(module, from);
    this.#codeAt.push(from + module.length);
    return kernel;
  }

  /** Computes all units of a job on all threads; returns when they are done. Not to be called once the pool is {@link broken}. */
  run(kernel: number, run: Run, units: number, grain: number): void {
    // The counter has 31 bits, and each thread goes beyond the last unit once. A job that large gains little here.
    if (units + this.threads * grain > 0x7fffffff) {
      run(this.#parameters, 0, units, this.#scratch);
      return;
    }
    const control = this.#control;
    control[word.units] = units;
    control[word.grain] = grain;
    control[word.kernel] = kernel;
    control[word.codeFrom] = this.#codeAt[kernel]!;
    control[word.codeTo] = this.#codeAt[kernel + 1]!;
    Atomics.store(control, word.next, 0);
    Atomics.store(control, word.joined, 0); // open: all that is above is written
    Atomics.add(control, word.job, 1);
    const useful = Math.ceil(units / grain) - 1; // workers beyond would find nothing
    if (Atomics.load(control, word.asleep) > 0) Atomics.notify(control, word.job, useful);
    try {
      takeUnits(control, run, this.#parameters, this.#scratch);
    } catch (cause) {
      throw this.#break(`a kernel trapped (${(cause as Error).message})`);
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
      if (waited > this.#deadline)
        throw this.#break(
          `a worker has not finished its part of a kernel for ${this.#deadline / 1000} s; it was stopped, or it lost its core`,
        );
      if (waited > patience && mayBlock) {
        Atomics.store(control, word.ownerAsleep, 1);
        Atomics.wait(control, word.joined, joined, Math.min(100, this.#deadline));
        Atomics.store(control, word.ownerAsleep, 0);
      }
    }
  }

  /** Stops the workers. */
  stop(): void {
    this.#break("close() was called");
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
