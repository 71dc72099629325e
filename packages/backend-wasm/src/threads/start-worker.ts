import { builtin, hasBuiltins } from "./builtin.ts";

/** What a worker needs to take part. */
export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly code: Uint8Array;
  readonly parameters: number;
  readonly scratch: number;
}

/** A worker that runs. */
export interface WorkerHandle {
  /** Calls back when the worker ends, or has ended before, and {@link stop} was not called. */
  onDeath(tell: (why: string) => void): void;
  stop(): void;
}

/**
 * Starts a worker; rejects when it cannot be started, or not within `deadline` ms. In a page it resolves when the worker is ready. Elsewhere
 * it does so at once: a worker starts surely there, though it takes 40 ms, and jobs that come before are done by those that are there.
 */
export type StartWorker = (start: WorkerStart, deadline: number) => Promise<WorkerHandle>;

export const startWorker: StartWorker = (start, deadline) => {
  return new Promise((resolve, reject) => {
    let tell: ((why: string) => void) | undefined;
    let ended: string | undefined;
    let stopped = false;
    const late = setTimeout(() => end(`a worker did not answer within ${deadline / 1000} s`), deadline);
    const stop = (): void => {
      stopped = true;
      clearTimeout(late);
      worker.terminate();
    };
    const end = (why: string): void => {
      if (stopped) return;
      stop();
      ended = why;
      reject(new Error(why)); // of no effect where the worker was ready
      tell?.(why);
    };
    const ready = (): void => {
      clearTimeout(late);
      resolve({
        onDeath: (then) => {
          tell = then;
          if (ended !== undefined) then(ended);
        },
        stop,
      });
    };
    const worker = hasBuiltins() ? nodeWorker(end) : webWorker(ready, end);
    worker.postMessage(start);
    if (worker.startsSurely) ready();
  });
};

/** What both kinds of worker can do. */
interface AnyWorker {
  readonly startsSurely: boolean;
  postMessage(message: unknown): void;
  terminate(): void;
}

function webWorker(ready: () => void, end: (why: string) => void): AnyWorker {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" }); // bundlers know this form
  worker.onmessage = ready;
  worker.onerror = ({ message }) =>
    end(
      message
        ? `a worker failed: ${message}`
        : "a worker's script was not loaded; a content security policy may forbid workers (worker-src), or a bundler left worker.js out",
    );
  return {
    startsSurely: false,
    postMessage: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
  };
}

/** The part of Node's worker_threads that is used. */
interface NodeWorker {
  on(event: "error" | "exit", listener: (value: unknown) => void): void;
  postMessage(message: unknown): void;
  unref(): void;
  terminate(): Promise<number>;
}

function nodeWorker(end: (why: string) => void): AnyWorker {
  const { Worker } = builtin<{ Worker: new (file: URL, options: object) => NodeWorker }>("node:worker_threads");
  const { existsSync } = builtin<{ existsSync: (file: URL) => boolean }>("node:fs");
  const script = new URL("./worker.js", import.meta.url);
  if (script.protocol === "file:" && !existsSync(script))
    throw new Error(`there is no ${script.pathname}; a bundler left it out`);
  // Without the program's own flags: some, such as --input-type, a worker refuses, and others load what it does not need.
  const worker = new Worker(script, { execArgv: [] });
  worker.on("error", (error) => end(`a worker failed: ${(error as Error).message}`));
  worker.on("exit", (code) => end(`a worker ended with code ${String(code)}`));
  worker.unref(); // an idle worker keeps no process alive
  return {
    startsSurely: true,
    postMessage: (message) => worker.postMessage(message),
    terminate: () => void worker.terminate(),
  };
}
