import type { Part } from "@tenon/nn";
import type { Random } from "@tenon/tensor";

import type { Batches } from "./data/batch.ts";
import type { Objective } from "./objectives/objective.ts";
import type { Optimiser } from "./optimisers/optimiser.ts";
import type { Schedule } from "./schedules/schedule.ts";

/** How and how often the held-out loss is taken. */
export interface Evaluation {
  /** Batches of text that is not trained on; those of the steps 0 to count − 1 are used, each time the same. */
  readonly batches: Batches;
  readonly count: number;
  /** After every so many steps, and after the last. */
  readonly every: number;
}

/** What `train` needs to know. */
export interface TrainOptions<M extends Part> {
  /** A model whose parameters are on a backend. */
  readonly model: M;
  /** What is made small: `causalLoss` for a decoder, `maskedLoss` for an encoder, or your own. */
  readonly objective: Objective<M>;
  readonly batches: Batches;
  /** Made for this model. Training goes on after the steps that it has already taken. */
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  /** The length of the whole run, what was done before included. */
  readonly steps: number;
  /** Where dropout draws from; the same in a resumed run. */
  readonly random: Random;
  /** The limit of the gradients' norm. Default 1; `Infinity` for no clipping. */
  readonly clip?: number;
  /** Without it, no held-out loss is taken. */
  readonly evaluation?: Evaluation | undefined;
  /** Ends the run after the current step, quietly. */
  readonly signal?: AbortSignal | undefined;
}
