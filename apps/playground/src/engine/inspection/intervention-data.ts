import type { Sublayer } from "./subject-data.ts";

/** What is taken out of one layer. */
export interface Ablation {
  readonly layer: number;
  readonly part: Sublayer;
  /** Which heads of an attention. Default: all that the sublayer gives. */
  readonly heads?: readonly number[] | undefined;
}

/** What comes in its place: nothing, or its own mean over the tokens of the text. */
export type AblateBy = "zero" | "mean";

/** What is patched: the residual stream at the end of a layer (−1: what goes into the first), what a sublayer adds, or what one head finds. */
export interface PatchPlace {
  readonly layer: number;
  readonly part: "stream" | Sublayer;
  readonly head?: number | undefined;
}

/** What a sweep patches at every layer and position, and what it measures. */
export interface SweepRequest {
  readonly part: "stream" | Sublayer;
  /** Where the prediction is that is measured. */
  readonly position: number;
  /** The token that the other text leads to, and the one that this text leads to. */
  readonly towards: number;
  readonly from: number;
}

/** A sweep, or as much of it as was done. */
export interface SweepReading {
  /** What lies behind each row. */
  readonly rows: readonly string[];
  readonly positions: number;
  /** How much of the difference each patch restores, [rows, positions]: 0 for nothing, 1 for all; NaN for what was not done. */
  readonly restored: Float32Array;
  /** logit(towards) − logit(from) of this text, and of the other. */
  readonly before: number;
  readonly goal: number;
  readonly stopped: boolean;
}
