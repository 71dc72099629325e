import type { Learned, Learner, Rates } from "./learner.ts";

/** The threads that learn. */
export interface Crew {
  /** Resolves as soon as a chunk can be taken without piling up. */
  ready(): Promise<void>;
  /** Learns from a chunk, on the thread that has the least to do. The bytes are the crew's from now on. */
  learn(bytes: Uint8Array<ArrayBuffer>, rates: Rates): Promise<Learned>;
  /** Ends the threads; what they are at is lost. */
  close(): void;
}

/** One thread: the caller's own. Between two chunks it lets other things happen. */
export function soloCrew(learner: Learner): Crew {
  return {
    ready: () => new Promise((resolve) => void setTimeout(resolve, 0)),
    learn: (bytes, rates) => {
      try {
        return Promise.resolve(learner.learn(bytes, rates));
      } catch (error) {
        return Promise.reject(error as Error);
      }
    },
    close: () => undefined,
  };
}
