import type { Learned, Rates } from "../learner.ts";
import type { LearnerName } from "../learners.ts";
import type { TrainingMemory } from "../training-memory.ts";

/** What a worker needs to take part: its first message. */
export interface WorkerStart {
  readonly learner: LearnerName;
  readonly plan: unknown;
  readonly room: TrainingMemory;
  readonly thread: number;
}

/** What a worker learns from: all later messages. */
export interface WorkerTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly rates: Rates;
}

/** What it answers to each task, in their order; or, at any time, why it cannot go on. */
export type WorkerAnswer = { readonly learned: Learned } | { readonly failed: string };
