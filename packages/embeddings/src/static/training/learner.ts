import type { TrainingMemory } from "./training-memory.ts";

/** The learning rate at the beginning of a chunk and at its end; between them it falls evenly. */
export interface Rates {
  readonly first: number;
  readonly last: number;
}

/** What came of a chunk. */
export interface Learned {
  /** Words, or whatever else the learner counts, that the chunk had. */
  readonly words: number;
  readonly examples: number;
  /** The sum of the examples' losses, each the negative logarithm of the probability given to what is right. */
  readonly loss: number;
}

/**
 * Learns from chunks on one thread. All that it remembers between two chunks lies in the run's memory, so that a checkpoint need not ask it.
 */
export interface Learner {
  learn(bytes: Uint8Array, rates: Rates): Learned;
}

/** Makes the learner of one thread, of a plan that was made once for all of them: plain data, which reaches a worker as a copy. */
export type MakeLearner<Plan> = (plan: Plan, room: TrainingMemory, thread: number) => Learner;
