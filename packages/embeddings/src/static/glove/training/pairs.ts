/**
 * A pair of words as the training reads it, 16 bytes: word and context as integers, log x and f(x) as floats. Both are computed once, not in
 * each iteration.
 */
export interface PairViews {
  readonly integers: Int32Array;
  readonly floats: Float32Array;
}

/** Numbers of 32 bits in a pair. */
export const pairLength = 4;
export const pairBytes = 16;

/** How much a pair counts in the loss: f(x) = min(1, (x / xMax)^α). */
export interface Weighting {
  /** From this count on the weight is 1. Default: 100. */
  readonly xMax?: number;
  /** Default: 0.75. */
  readonly alpha?: number;
}

/** f(x) of {@link Weighting}. */
export const weightOf = (x: number, { xMax, alpha }: Required<Weighting>): number =>
  x > xMax ? 1 : (x / xMax) ** alpha;
