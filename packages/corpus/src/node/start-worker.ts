import { Worker } from "node:worker_threads";

import { ConfigError } from "@tenon/tensor";

import type { Job } from "./identity.ts";
import type { Report } from "./make-corpus.ts";
import type { Message } from "./worker.ts";

/** Hears what a making tells; `failed` is the last that it hears, if it comes. */
export interface Listener {
  report(report: Report): void;
  failed(error: unknown): void;
}

/** Starts a making; gives what ends it. */
export type StartMaking = (job: Job, listener: Listener) => () => Promise<unknown>;

/** Starts a making in a thread of its own. */
export const startWorker: StartMaking = (job, listener) => {
  const worker = newWorker(job);
  worker.on("message", (message: Message) => {
    if (message.kind !== "failed") listener.report(message);
    else
      listener.failed(message.fields ? new ConfigError(message.message, message.fields) : new Error(message.message));
  });
  worker.on("error", (error) => listener.failed(error));
  worker.on("exit", (code) =>
    listener.failed(
      new ConfigError(
        `openCorpus: the worker ended with code ${code} before the corpus was whole. Open it again: what is done stays.`,
        { code },
      ),
    ),
  );
  return () => worker.terminate();
};

// Most of what tokenising leaves behind is dead at once. Where there is much room for it, as by default, it fills a hundred megabytes before it goes.
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

function newWorker(workerData: Job): Worker {
  const options = { workerData, resourceLimits };
  // From source, the worker finds the other packages' sources as this thread does.
  return import.meta.url.endsWith(".ts")
    ? new Worker(new URL("./worker.ts", import.meta.url), { ...options, execArgv: ["--conditions=@tenon/source"] })
    : new Worker(new URL("./worker.js", import.meta.url), options);
}
