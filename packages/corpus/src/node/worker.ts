import { parentPort, workerData } from "node:worker_threads";

import { isTenonError } from "@tenon/tensor";

import type { Job } from "./identity.ts";
import { makeCorpus, type Report } from "./make-corpus.ts";

/** What a worker says: reports, and at last that it has failed, if it has. An error loses its class on the way, so its parts travel. */
export type Message =
  | Report
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>> | undefined;
    };

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
const post = (message: Message): void => parentPort!.postMessage(message);

makeCorpus(workerData as Job, post).catch((error: unknown) => {
  const fields = isTenonError(error)
    ? (JSON.parse(JSON.stringify(error.fields)) as Record<string, unknown>)
    : undefined;
  post({ kind: "failed", message: error instanceof Error ? error.message : String(error), fields });
});
