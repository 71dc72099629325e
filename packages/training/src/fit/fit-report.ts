import type { Json, RandomKey } from "@tenon/tensor";

import type { PassedOver } from "../checkpoints/saved-checkpoint.ts";
import type { DivergenceState } from "../diagnosis/divergence-watch.ts";
import type { TrainingStep } from "../training-step.ts";
import type { Evaluated } from "./fit-options.ts";

/** What a run came to. */
export interface FitReport {
  /** Steps done, those of earlier sessions included. */
  readonly steps: number;
  /** All steps done; no improvement any more; or the signal. */
  readonly ended: "completed" | "stopped early" | "aborted";
  /** The best evaluation by the metric that is watched; absent when nothing was evaluated. */
  readonly best?: { readonly step: number; readonly value: number } | undefined;
  /** The last evaluation of this session. */
  readonly evaluated?: Evaluated | undefined;
  /** The last step of this session. */
  readonly last?: TrainingStep | undefined;
  /** Where this session went on, if it did, and later checkpoints that could not be read. */
  readonly resumed?:
    | { readonly file: string; readonly step: number; readonly passedOver: readonly PassedOver[] }
    | undefined;
}

/** The record in the checkpoints of {@link fit}. */
export interface FitRecord {
  /** What the caller gave as `checkpoints.record`. */
  readonly given: Json;
  readonly fit: FitProgress;
}

/** What the loop itself remembers. */
export interface FitProgress {
  /** The key of the generator that dropout draws from. */
  readonly random: RandomKey;
  readonly accumulate: number;
  /** The number of the next batch. */
  readonly position: number;
  /** The step of the last evaluation; absent before the first. */
  readonly evaluated?: number | undefined;
  readonly best?: { readonly step: number; readonly value: number } | undefined;
  /** Evaluations since the best one. */
  readonly sinceBest: number;
  /** What the watch for divergence has seen; absent where there is none. */
  readonly divergence?: DivergenceState | undefined;
  /** What `TrainingControl` multiplies the rate by. */
  readonly scale: number;
}
