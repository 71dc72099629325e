import type { Part } from "@tenon/nn";
import type { Json } from "@tenon/tensor";

import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { SavedCheckpoint } from "../checkpoints/saved-checkpoint.ts";
import type { Stateful } from "../checkpoints/stateful.ts";
import type { TrainingStep } from "../training-step.ts";
import type { FitReport } from "./fit-report.ts";
import type { TrainingControl } from "./training-control.ts";

/** What {@link fit} does beside training; all of it is optional. */
export interface FitOptions<M extends Part> {
  /** What else is measured whenever the held-out loss is, by name. The held-out loss itself is called `loss`. */
  readonly metrics?: Readonly<Record<string, Metric<M>>> | undefined;
  /** Ends the run when it no longer gets better. */
  readonly stopping?: EarlyStopping | undefined;
  /** Where the run is saved, and goes on from. */
  readonly checkpoints?: Saving | undefined;
  /** A moving average of the parameters: taken after each step, and what is evaluated. */
  readonly average?: ParameterAverage | undefined;
  /** Pauses the run and turns its rate up and down from outside. */
  readonly control?: TrainingControl | undefined;
  readonly on?: FitCallbacks | undefined;
}

/** A number that says how good the model is. One that takes long ends early when the signal aborts, by throwing `signal.reason`. */
export type Metric<M> = (model: M, signal: AbortSignal | undefined) => number | Promise<number>;

/** When a run that does not get better ends. Prechelt 1998, "Early stopping – but when?" */
export interface EarlyStopping {
  /** Evaluations in a row without an improvement after which it ends. */
  readonly patience: number;
  /** By how much a value has to beat the best one to count. Default 0: by anything. */
  readonly improvement?: number | undefined;
  /** Which metric is watched. Default `loss`, that of the held-out batches. */
  readonly metric?: string | undefined;
  /** Whether lower or higher values are better. Default `"lower"`. */
  readonly goal?: "lower" | "higher" | undefined;
  /** Does the model end with the parameters of its best evaluation, however the run ends but by the signal? Default true. */
  readonly restoreBest?: boolean | undefined;
}

/** How a run is saved. */
export interface Saving {
  readonly to: Checkpoints;
  /** After every so many steps, before the first, and at the end. */
  readonly every: number;
  /** What else a later session has to know, the options of the run for instance: {@link FitRecord} holds it as `given`. */
  readonly record?: Json | undefined;
  /** What else remembers something from step to step, by names other than `average` and `best`. */
  readonly parts?: Readonly<Record<string, Stateful>> | undefined;
}

/** What {@link fit} asks of a moving average of the parameters. */
export interface ParameterAverage extends Stateful {
  /** Takes the parameters as they are after a step into account. */
  update(): void | Promise<void>;
  /** Exchanges the model's parameters and the average; a second time takes that back. */
  swap(): void | Promise<void>;
}

/** What {@link fit} tells, as it happens. A promise is awaited before the run goes on, and an error ends the run. */
export interface FitCallbacks {
  /** Goes on from a checkpoint: its `passedOver` lists later ones that could not be read. */
  readonly resumed?: ((from: SavedCheckpoint) => void | Promise<void>) | undefined;
  readonly step?: ((step: TrainingStep) => void | Promise<void>) | undefined;
  readonly evaluated?: ((evaluated: Evaluated) => void | Promise<void>) | undefined;
  readonly saved?: ((saved: { readonly step: number; readonly file: string }) => void | Promise<void>) | undefined;
  readonly stopped?: ((report: FitReport) => void | Promise<void>) | undefined;
}

/** What an evaluation came to. */
export interface Evaluated {
  /** Steps done before it. */
  readonly step: number;
  /** The held-out loss as `loss`, and each metric by its name. */
  readonly scores: Readonly<Record<string, number>>;
  /** Is it the best so far? */
  readonly best: boolean;
}
