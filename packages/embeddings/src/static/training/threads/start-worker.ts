import { builtin, hasBuiltins } from "./builtin.ts";
import type { Learned, Rates } from "../learner.ts";
import type { WorkerAnswer, WorkerStart } from "./worker-messages.ts";

export type { WorkerStart } from "./worker-messages.ts";

/** A worker that runs, or is about to. */
export interface TrainingWorker {
  /** Has it learn from a chunk, after those before. */
  learn(bytes: Uint8Array<ArrayBuffer>, rates: Rates): void;
  stop(): void;
}

/** What a worker tells. */
export interface Listener {
  /** A chunk is done: they are answered in their order. */
  readonly answered: (learned: Learned) => void;
  /** It cannot go on. The reason is a clause. */
  readonly failed: (why: string) => void;
}

export type StartWorker = (start: WorkerStart, listener: Listener) => TrainingWorker;

/** Starts a thread: of Node, or of a page. */
export const startWorker: StartWorker = (start, { answered, failed }) => {
  let stopped = false;
  const end = (why: string): void => {
    if (stopped) return;
    stop();
    failed(why);
  };
  const hear = (message: WorkerAnswer): void =>
    "learned" in message ? answered(message.learned) : end(message.failed);
  const worker = hasBuiltins() ? nodeWorker(hear, end) : webWorker(hear, end);
  const stop = (): void => {
    stopped = true;
    worker.terminate();
  };
  worker.postMessage(start, []);
  return { learn: (bytes, rates) => worker.postMessage({ bytes, rates }, [bytes.buffer]), stop };
};

/** What both kinds of worker can do. */
interface AnyWorker {
  postMessage(message: unknown, moved: ArrayBuffer[]): void;
  terminate(): unknown;
}
type Hear = (message: WorkerAnswer) => void;
type End = (why: string) => void;

function webWorker(hear: Hear, end: End): AnyWorker {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" }); // bundlers know this form
  worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => hear(data);
  worker.onerror = ({ message }) =>
    end(
      message
        ? `a worker failed: ${message}`
        : "a worker's script was not loaded; a content security policy may forbid workers (worker-src), or a bundler left worker.js out",
    );
  return worker;
}

/** The part of Node's worker_threads that is used. */
interface NodeWorker extends AnyWorker {
  on(event: "message", listener: Hear): void;
  on(event: "error" | "exit", listener: (value: unknown) => void): void;
}

function nodeWorker(hear: Hear, end: End): AnyWorker {
  const { Worker } = builtin<{ Worker: new (file: URL, options: object) => NodeWorker }>("node:worker_threads");
  // Without the program's own flags: some, such as --input-type, a worker refuses. From source it finds the other packages' sources, too.
  const execArgv = import.meta.url.endsWith(".ts") ? ["--conditions=@tenon/source"] : [];
  const worker = new Worker(new URL("./worker.js", import.meta.url), { execArgv });
  worker.on("message", hear);
  worker.on("error", (error) => end(`a worker failed: ${(error as Error).message}`));
  worker.on("exit", (code) => end(`a worker ended with code ${String(code)}`));
  return worker;
}
