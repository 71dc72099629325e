import {
  attentionOp,
  attentionWithWeights,
  explicitAttention,
  ShapeError,
  tiledAttention,
  type AttentionAttrs,
  type AttentionInputs,
  type AttentionTap,
  type Tensor,
} from "@tenon/tensor";

import type { Mask } from "./mask/mask.ts";

/** How {@link scaledDotProductAttention} differs from softmax(q kᵀ / √k) v. */
export interface ScaledDotProductOptions {
  /** Which keys each query may see. Default: all. */
  readonly mask?: Mask | undefined;
  /** Added to the scores before the mask; broadcasts to [b, h, t, s]. */
  readonly bias?: Tensor | undefined;
  /** What the products are multiplied by. Default 1 / √k. */
  readonly scale?: number | undefined;
  /** Bends scores to softCap · tanh(score / softCap), before the bias and the mask. Default: they stay as they are. */
  readonly softCap?: number | undefined;
  /** One more logit per head, [h], in the softmax's denominator and nowhere else: what a query gives it, it gives no key. Default: none. */
  readonly sinks?: Tensor | undefined;
  /** The place of the first query among the keys. Default: the queries are the last of the keys. */
  readonly queryOffset?: number | undefined;
  /** The place of the first key in the text, for masks that count from its beginning. Default 0. */
  readonly firstKey?: number | undefined;
  /** Which of the pass's queries is the first, for masks that have a row for each. Default 0. */
  readonly firstQuery?: number | undefined;
  /** How many of the keys count, from the first on; the rest is a cache's free room. Default: all. */
  readonly keyLength?: number | undefined;
  /** Sees scores and pattern, and may replace them: takes the explicit path, step by step, where a backend would do all in one. */
  readonly tap?: AttentionTap | undefined;
}

/**
 * Attention as a function: softmax(softCap(scale · q kᵀ) + bias, where the mask allows) v. With q [b, h, t, k], keys [b, h', s, k] and
 * values [b, h', s, k], where h' divides h and each key head serves h / h' consecutive query heads, → [b, h, t, k]. A query that
 * may see no key gives zeros.
 *
 * Throws `ShapeError` where sizes or options do not fit.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.2.1; soft caps: Gemma team 2024, "Gemma 2: improving open language models
 * at a practical size"; sinks: Xiao et al. 2023, "Efficient streaming language models with attention sinks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [queries, keys, values] = [zeros([1, 4, 3, 8], on), zeros([1, 2, 3, 8], on), zeros([1, 2, 3, 8], on)];
 * const heads = scaledDotProductAttention(queries, keys, values, { mask: causal(), softCap: 50 });
 * console.log(heads.shape); // [ 1, 4, 3, 8 ]
 * ```
 */
export function scaledDotProductAttention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: ScaledDotProductOptions = {},
): Tensor {
  const { inputs, attrs } = lowered(q, k, v, options);
  if (options.tap === undefined) return tiledAttention(inputs, attrs);
  const [, , , bias, sinks, ...masks] = inputs;
  attentionOp.infer([q.type, k.type, v.type, bias?.type, sinks?.type, ...masks.map(({ type }) => type)], attrs); // refuses what the op does
  return explicitAttention(inputs, attrs, options.tap);
}

/**
 * {@link scaledDotProductAttention}, and what each query gave each key: output [b, h, t, k] and weights [b, h, t, s]. A row of the weights
 * sums to 1; with sinks to less; to 0 where a query may see no key. Step by step: for looking, not for speed.
 *
 * Throws what `scaledDotProductAttention` throws.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [queries, keys, values] = [zeros([1, 1, 2, 8], on), zeros([1, 1, 2, 8], on), zeros([1, 1, 2, 8], on)];
 * const { weights } = scaledDotProductAttentionWithWeights(queries, keys, values, { mask: causal() });
 * console.log(await weights.read()); // Float32Array(4) [ 1, 0, 0.5, 0.5 ]
 * ```
 */
export function scaledDotProductAttentionWithWeights(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: Omit<ScaledDotProductOptions, "tap"> = {},
): { readonly output: Tensor; readonly weights: Tensor } {
  const { inputs, attrs } = lowered(q, k, v, options);
  return attentionWithWeights(inputs, attrs);
}

/** What the op takes. */
function lowered(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  options: ScaledDotProductOptions,
): { readonly inputs: AttentionInputs; readonly attrs: AttentionAttrs } {
  if (q.rank !== 4 || k.rank !== 4 || v.rank !== 4) {
    const shapes = [q, k, v].map(({ shape }) => `[${shape.join(", ")}]`).join(", ");
    throw new ShapeError(`scaledDotProductAttention: queries, keys and values must be [b, h, t, k], got ${shapes}`, {
      q: q.shape,
      k: k.shape,
      v: v.shape,
    });
  }
  const [queries, width] = [q.shape[2]!, q.shape[3]!];
  const { mask, bias, sinks, scale = 1 / Math.sqrt(width), softCap = null, keyLength = k.shape[2]! } = options;
  const { queryOffset = Math.max(0, keyLength - queries), firstKey = 0, firstQuery = 0 } = options;
  const tensors: Tensor[] = [];
  const terms =
    mask?.lower(tensors, {
      queries,
      keys: keyLength,
      queryOffset: queryOffset + firstKey,
      firstKey,
      firstQuery,
      backend: q.backend,
    }) ?? [];
  return {
    inputs: [q, k, v, bias, sinks, ...tensors],
    attrs: { scale, softCap, mask: terms, queryOffset, keyLength },
  };
}
