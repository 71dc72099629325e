import type { Learned, Learner, Rates } from "../learner.ts";

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
    ready: breathe,
    learn: async (bytes, rates) => learner.learn(bytes, rates),
    close: () => undefined,
  };
}

/** Resolves after what waits for this thread had its turn. A timer would take its time: a millisecond at least, in pages four. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(0);
  });
