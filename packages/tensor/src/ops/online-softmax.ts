import type { DType } from "../dtype.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { max } from "./max.ts";
import { maximum } from "./maximum.ts";
import type { Operand } from "./operand.ts";
import { exp } from "./pointwise.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { lowestOf } from "./softmax.ts";
import { stopGradient } from "./stop-gradient.ts";
import { where } from "./where.ts";

const kept = { keepDims: true } as const;

/** What a softmax knows of its rows [b, h, t, s] so far: the largest score, and the sum of e^(score − largest), each [b, h, t, 1]. */
export interface Rows {
  readonly top: Operand;
  readonly total: Operand;
}

/** Above the score of a hidden key, by more than any power of e can see, and below every other. */
const floorOf = (dtype: DType): number => lowestOf(dtype) / 2;

/** The sinks [h] as scores [1, h, 1, 1]. */
export const sinkScores = (sinks: Tensor): Tensor =>
  maximum(reshape(sinks, [1, sinks.shape[0]!, 1, 1]), floorOf(sinks.dtype));

/** Rows of which no key has been seen yet: they begin with the sink, or as if there were one that is worth nothing. */
export const unseen = (sinks: Tensor | undefined, dtype: DType): Rows => ({
  top: sinks === undefined ? floorOf(dtype) : sinkScores(sinks),
  total: 1,
});

/** Scores of keys that are not allowed become so low that their powers are 0 in every row. */
export const hide = (scores: Tensor, allowed: Tensor | undefined): Tensor =>
  allowed === undefined ? scores : where(allowed, scores, lowestOf(scores.dtype));

/**
 * Goes on with rows: with the scores x of more keys, m' = max(m, x) and l' = l · e^(m − m') + Σ e^(x − m'). What was summed so far with
 * the weights e^(x − m) goes on as well, times `fade`, e^(m − m').
 *
 * Milakov and Gimelshein 2018, "Online normalizer calculation for softmax".
 */
export function goOn(scores: Tensor, { top, total }: Rows): { powers: Tensor; fade: Tensor; rows: Rows } {
  const next = stopGradient(maximum(max(scores, -1, kept), top));
  const powers = exp(sub(scores, next));
  const fade = exp(sub(top, next));
  return { powers, fade, rows: { top: next, total: add(mul(fade, total), sum(powers, -1, kept)) } };
}
