import type { Tensor } from "../tensor.ts";
import { add, div, mul } from "./arithmetic.ts";
import { denseMask } from "./attention-mask.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { matmul } from "./matmul.ts";
import { goOn, hide, unseen } from "./online-softmax.ts";
import { tanh } from "./pointwise.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { maskedSoftmax, softmax } from "./softmax.ts";

/** Called with each named step of the explicit path; what it returns takes the step's place. */
export type AttentionTap = (name: "scores" | "pattern", x: Tensor) => Tensor;

/**
 * Attention step by step, from smaller ops: what {@link attention} means, and what runs when somebody looks inside. `tap` is called with
 * the scores [b, h, t, s], before the mask, and the pattern [b, h, t, s], after the softmax, and what it returns takes their place.
 * With sinks, a row of the pattern sums to less than 1. It checks nothing: `attentionOp.infer` does.
 *
 * Gradient: through the steps, which the tape keeps.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [q, k, v] = [tensor([1], [1, 1, 1, 1], on), tensor([0, 0], [1, 1, 2, 1], on), tensor([4, 8], [1, 1, 2, 1], on)];
 * const attrs = { scale: 1, softCap: null, mask: [], queryOffset: 0, keyLength: 2 };
 * const y = explicitAttention([q, k, v, undefined, undefined], attrs, (name, x) => {
 *   if (name === "pattern") console.log(x.shape); // [ 1, 1, 1, 2 ]
 *   return x;
 * });
 * console.log(await y.read()); // Float32Array(1) [ 6 ]
 * ```
 */
export function explicitAttention(
  inputs: AttentionInputs,
  attrs: AttentionAttrs,
  tap: AttentionTap = (_, x) => x,
): Tensor {
  const scores = tap("scores", scoresOf(inputs, attrs).scores);
  const pattern = tap("pattern", patternOf(scores, maskOf(inputs, attrs), inputs[4]).pattern);
  return weighed(pattern, inputs, attrs);
}

/** The part of a cache that is filled: [b, h', capacity, k] → [b, h', s, k]. */
export const filled = (x: Tensor, { keyLength }: AttentionAttrs): Tensor =>
  keyLength < x.shape[2]! ? slice(x, 2, 0, keyLength) : x;

/** [b, h, t, n] → [b, h', h / h' · t, n]: query heads that share a key head are consecutive, and become rows of one product per key head. */
export function grouped(x: Tensor, keys: Tensor): Tensor {
  const [b, h, t, n] = x.shape as [number, number, number, number];
  const keyHeads = keys.shape[1]!;
  return reshape(x, [b, keyHeads, (h / keyHeads) * t, n]);
}

/** The opposite: [b, h', h / h' · t, n] → [b, h, t, n], with the sizes of q. */
export const ungrouped = (x: Tensor, q: Tensor): Tensor => reshape(x, [...q.shape.slice(0, 3), x.shape[3]!]);

/** The scores [b, h, t, s] before the bias, soft-capped if they are to be, and with it. */
export function scoresOf(
  [q, k, , bias]: AttentionInputs,
  attrs: AttentionAttrs,
): { readonly capped: Tensor; readonly scores: Tensor } {
  const { scale, softCap } = attrs;
  const products = ungrouped(matmul(grouped(q, k), filled(k, attrs), { transposeB: true }), q);
  const scaled = mul(products, scale);
  const capped = softCap === null ? scaled : mul(tanh(div(scaled, softCap)), softCap);
  return { capped, scores: bias === undefined ? capped : add(capped, bias) };
}

/** The values, each times its weight: [b, h, t, s] → [b, h, t, k]. */
export const weighed = (weights: Tensor, [q, , v]: AttentionInputs, attrs: AttentionAttrs): Tensor =>
  ungrouped(matmul(grouped(weights, v), filled(v, attrs)), q);

/** The mask's terms as one tensor, or undefined when everything is allowed. `firstKey` is the place of the first of the keys. */
export const maskOf = (
  [q, , , , , ...masks]: AttentionInputs,
  { mask, keyLength, queryOffset }: AttentionAttrs,
  firstKey = 0,
): Tensor | undefined =>
  denseMask(mask, masks, { queries: q.shape[2]!, keys: keyLength, queryOffset, firstKey, on: q.backend });

/** What each query gives each key, [b, h, t, s], and what it gives its head's sink, [b, h, t, 1]. */
export function patternOf(
  scores: Tensor,
  allowed: Tensor | undefined,
  sinks: Tensor | undefined,
): { pattern: Tensor; sunk: Tensor | undefined } {
  if (sinks === undefined)
    return { pattern: allowed === undefined ? softmax(scores) : maskedSoftmax(scores, allowed), sunk: undefined };
  const { powers, fade, rows } = goOn(hide(scores, allowed), unseen(sinks, scores.dtype));
  return { pattern: div(powers, rows.total), sunk: div(fade, rows.total) };
}
