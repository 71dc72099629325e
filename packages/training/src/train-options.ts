import type { Part } from "@tenon/nn";
import type { Random } from "@tenon/tensor";

import type { Batch, Batches } from "./data/batch.ts";
import type { DivergenceWatch } from "./diagnosis/divergence-watch.ts";
import type { Objective } from "./objectives/objective.ts";
import type { Optimiser } from "./optimisers/optimiser.ts";
import type { Schedule } from "./schedules/schedule.ts";

/** How and how often the held-out loss is taken. */
export interface Evaluation<M = Part, B extends object = Batch> {
  /** Batches of text that is not trained on; those of the steps 0 to count − 1 are used, each time the same. */
  readonly batches: Batches<B>;
  /** What is measured, where it is not what is trained: a loss without smoothing, say. Default: the objective of the training. */
  readonly objective?: Objective<M, B> | undefined;
  readonly count: number;
  /** After every so many steps, and after the last. */
  readonly every: number;
}

/** What `train` needs to know. */
export interface TrainOptions<M extends Part, B extends object = Batch> {
  /** A model whose parameters are on a backend. */
  readonly model: M;
  /** What is made small: `causalLoss` for a decoder, `maskedLoss` for an encoder, or your own. */
  readonly objective: Objective<M, B>;
  readonly batches: Batches<B>;
  /** Made for this model. Training goes on after the steps that it has already taken. */
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  /** The length of the whole run, what was done before included. */
  readonly steps: number;
  /** Where dropout draws from; the same in a resumed run. */
  readonly random: Random;
  /** The limit of the gradients' norm. Default 1; `Infinity` for no clipping. */
  readonly clip?: number | undefined;
  /**
   * Batches in one step, whose gradients are averaged by what each asks for: a batch as large as all of them together, in the memory of one. Step n draws
   * the batches from n · accumulate on. Default 1.
   */
  readonly accumulate?: number | undefined;
  /** Ends a run whose loss rises and stays up. Default: a new `DivergenceWatch`, made not to mind noise; `false` for none. */
  readonly divergence?: DivergenceWatch | false | undefined;
  /** Without it, no held-out loss is taken. */
  readonly evaluation?: Evaluation<M, B> | undefined;
  /** Ends the run after the current step, quietly. */
  readonly signal?: AbortSignal | undefined;
}
