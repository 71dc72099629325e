import { BackendError } from "@tenon/tensor";

import type { Crew } from "./crew.ts";
import type { Learned, Rates } from "../learner.ts";
import { startWorker, type StartWorker, type TrainingWorker, type WorkerStart } from "./start-worker.ts";

/** Chunks that a worker has at a time: one to learn from, and one for when that is done. */
const atATime = 2;

interface Waiting {
  readonly resolve: (learned: Learned) => void;
  readonly reject: (error: Error) => void;
}

/** One worker, and the chunks that it has not answered, the oldest first. */
interface Member {
  readonly worker: TrainingWorker;
  readonly waiting: Waiting[];
}

/**
 * Threads that share a memory: one worker for each start. They change the matrices without locks (Niu et al. 2011, "Hogwild!"): an update
 * that another one overwrites is lost, which is rare where there are many words.
 *
 * A worker that fails or dies makes every chunk that is not done, and every later one, reject with a BackendError.
 */
export function workerCrew(starts: readonly WorkerStart[], start: StartWorker = startWorker): Crew {
  let broken: Error | undefined;
  let wake = (): void => undefined;
  const members: Member[] = [];

  const fail = (why: string): void => {
    broken ??= new BackendError(
      `training: ${why}, so the training cannot go on. Where it keeps checkpoints, start it again: it goes on from the last one.`,
      { threads: starts.length },
    );
    for (const { waiting } of members) for (const { reject } of waiting.splice(0)) reject(broken);
    wake();
  };
  for (const each of starts) {
    const waiting: Waiting[] = [];
    const answered = (learned: Learned): void => {
      waiting.shift()?.resolve(learned);
      wake();
    };
    members.push({ waiting, worker: start(each, { answered, failed: fail }) });
  }
  const freest = (): Member => members.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a));

  return {
    async ready() {
      while (freest().waiting.length >= atATime) await new Promise<void>((resolve) => (wake = resolve));
    },
    learn(bytes: Uint8Array<ArrayBuffer>, rates: Rates) {
      if (broken !== undefined) return Promise.reject(broken);
      const { worker, waiting } = freest();
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.learn(bytes, rates);
      });
    },
    close() {
      for (const { worker } of members) worker.stop();
    },
  };
}
