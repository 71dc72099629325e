import type { Token } from "./subject-data.ts";

/** A token and how probable it is. */
export interface Candidate {
  readonly token: Token;
  readonly probability: number;
}

/** What the model would say if it stopped after each layer. */
export interface LensReading {
  /** What lies behind each row: "embeddings", "layer 0", … */
  readonly rows: readonly string[];
  /** The most probable tokens of each row and position, the most probable first. */
  readonly candidates: readonly (readonly (readonly Candidate[])[])[];
  /** How far each row's distribution is from the last row's, KL(last ‖ row) in nats, [rows, t]. */
  readonly distances: Float32Array;
}

/** How a prediction moves when something inside is changed. */
export interface Moved {
  /** The tokens most probable in one of the runs, the most probable first. */
  readonly tokens: readonly MovedToken[];
  /** KL(before ‖ after) in nats at the position that was asked for. */
  readonly divergence: number;
  /** The same at every position. */
  readonly divergences: Float32Array;
}

/** One token before and after. */
export interface MovedToken {
  readonly token: Token;
  readonly before: number;
  readonly after: number;
  /** In the run that activations were taken from, where there is one. */
  readonly source: number | undefined;
}
