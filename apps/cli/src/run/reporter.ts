import type { FitReport, TrainingStep } from "@tenon/training";

/** What is known of a run before its first step. */
export interface RunFacts {
  readonly kind: string;
  readonly parameters: number;
  /** How many the adapters have beside them, where those are what is trained. */
  readonly adapters: number | undefined;
  readonly text: string;
  readonly tokens: number;
  readonly tokenizer: string;
  readonly vocabulary: number;
  /** Tokens that the model sees at once, where that is limited. */
  readonly context: number | undefined;
  readonly batch: number;
  /** Batches in a step. */
  readonly accumulate: number;
  /** Evaluations without a better loss after which it ends, if it may: the model is then that of the best. */
  readonly patience: number | undefined;
  /** Are pairs learned from? Then a batch is so many positions, else so many pieces of text. */
  readonly pairs: boolean;
  readonly seed: number;
  /** The name of what computes. */
  readonly backend: string;
  readonly folder: string;
  /** Steps taken before, in a run that is resumed. */
  readonly step: number;
  readonly steps: number;
}

/** Tells the world how a run is going. */
export interface Reporter {
  start(facts: RunFacts): Promise<void>;
  step(step: TrainingStep): Promise<void>;
  /** The held-out loss after a step of an earlier session, which ended before it was taken. */
  evaluated(step: number, heldOutLoss: number): Promise<void>;
  /** The model was written to `path` as it is after `step` steps. */
  saved(path: string, step: number): Promise<void>;
  /** Someone wants it to end: the step is being finished, and the run is saved after it. */
  interrupted(): void;
  /** Nothing more of this run will be drawn: a bar goes away. Doing it twice is harmless. */
  stop(): void;
  /** The run is done. `chart` draws its losses in so many characters a line. */
  end(path: string, report: FitReport, chart: (width: number) => string): Promise<void>;
}
