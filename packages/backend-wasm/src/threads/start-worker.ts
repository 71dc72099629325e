import { builtin } from "./builtin.ts";

/** What a worker needs to take part. */
export interface WorkerStart {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly names: readonly string[];
  readonly parameters: number;
  readonly scratch: number;
}

/** A worker that runs. */
export interface WorkerHandle {
  /** Calls back when the worker ends and {@link stop} was not called. */
  onDeath(tell: (why: string) => void): void;
  stop(): void;
}

/** The part of Node's worker_threads that is used. */
interface NodeWorker {
  on(event: "message" | "error" | "exit", listener: (value: unknown) => void): void;
  postMessage(message: unknown): void;
  unref(): void;
  terminate(): Promise<number>;
}

/** Starts a worker; resolves when it is ready to take work, rejects when it cannot be started. */
export function startWorker(start: WorkerStart): Promise<WorkerHandle> {
  return typeof Worker === "function" ? startWebWorker(start) : startNodeWorker(start);
}

function startWebWorker(start: WorkerStart): Promise<WorkerHandle> {
  return new Promise((resolve, reject) => {
    let dead: (why: string) => void = () => undefined;
    const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" }); // bundlers know this form
    worker.onmessage = () => {
      // Bun and Deno keep running while a worker does; this is how they are told not to.
      (worker as { unref?: () => void }).unref?.();
      resolve({
        onDeath: (tell) => {
          dead = tell;
        },
        stop: () => worker.terminate(),
      });
    };
    worker.onerror = (event) => {
      const why = `a worker failed${event.message ? `: ${event.message}` : ""}`;
      reject(new Error(why));
      dead(why);
    };
    worker.postMessage(start);
  });
}

function startNodeWorker(start: WorkerStart): Promise<WorkerHandle> {
  return new Promise((resolve, reject) => {
    const threads = builtin<{ Worker: new (file: URL) => NodeWorker }>("node:worker_threads");
    const worker = new threads.Worker(new URL("./worker.js", import.meta.url));
    let dead: (why: string) => void = () => undefined;
    let stopped = false;
    const end = (why: string): void => {
      reject(new Error(why));
      if (!stopped) dead(why);
    };
    worker.on("message", () => {
      worker.unref(); // an idle worker keeps no process alive
      resolve({
        onDeath: (tell) => {
          dead = tell;
        },
        stop: () => {
          stopped = true;
          void worker.terminate();
        },
      });
    });
    worker.on("error", (error) => end(`a worker failed: ${(error as Error).message}`));
    worker.on("exit", (code) => end(`a worker ended with code ${String(code)}`));
    worker.postMessage(start);
  });
}
