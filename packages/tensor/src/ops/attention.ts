import { apply, type Composite } from "../op.ts";
import { scoped } from "../scope.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { attentionGradientOp } from "./attention-gradient.ts";
import { attentionType, type AttentionAttrs, type AttentionInputs } from "./attention-type.ts";
import { explicitAttention } from "./explicit-attention.ts";

/** Attention's rule of gradients, by the op that computes all of them. */
export const gradientsBy =
  (op: typeof attentionGradientOp): NonNullable<Composite<AttentionInputs, AttentionAttrs>["gradient"]> =>
  ({ inputs: [q, k, v, bias, sinks, ...masks], output, upstream, attrs }) => {
    let made: readonly Tensor[] | undefined; // one call gives all, whoever asks first
    const nth = (i: number) => (): Tensor =>
      (made ??= apply(op, [q, k, v, bias, sinks, output, upstream, ...masks], attrs))[i]!;
    const rest = masks.map(() => undefined);
    return [nth(0), nth(1), nth(2), bias && nth(3), sinks && nth(bias === undefined ? 3 : 4), ...rest];
  };

/** The op that {@link attention} applies, for backends that bring a kernel for it. */
export const attentionOp: Composite<AttentionInputs, AttentionAttrs> = {
  kind: "composite",
  name: "attention",
  dynamic: ["queryOffset", "keyLength"],
  infer: (inputs, attrs) => attentionType(inputs, attrs),
  saves: "both",
  compose: (inputs, attrs) => explicitAttention(inputs, attrs),
  gradient: gradientsBy(attentionGradientOp),
  flops: ([q, k, v], _, { keyLength }) =>
    sizeOf(q.shape.slice(0, 3)) * keyLength * (2 * k.shape[3]! + 2 * v.shape[3]! + 5),
};

/**
 * Scaled dot-product attention: softmax(softCap(scale · q kᵀ) + bias, where the mask allows) v. q [b, h, t, k], keys and values
 * [b, h', s, k] with h' a divisor of h → [b, h, t, k]; f32, f16 or bf16, all of one dtype.
 *
 * - bias, which broadcasts to [b, h, t, s], is added to the scores: for positions (T5, ALiBi).
 * - softCap bends scores to c · tanh(score / c) before the bias and the mask (Gemma 2).
 * - sinks [h] are one more logit per head, in the softmax's denominator and nowhere else: where to attend when nothing is
 *   worth it (gpt-oss).
 * - mask is a list of terms; the tensors that they name, by place, come last in the inputs.
 * - only the first `keyLength` keys count; `queryOffset` is the position of the first query.
 *
 * Without a kernel it holds the scores [b, h, t, s], and so does its gradient: for long texts use {@link tiledAttention}.
 *
 * A query that may see no key gives zeros. Throws `ShapeError` where sizes or attributes do not fit and `DTypeError` for another dtype.
 *
 * Gradient: P ∘ (upstream vᵀ − Σ upstream ∘ output) to the scores, by {@link attentionGradientOp}, which computes the pattern P again:
 * the tape keeps q, k, v and the output. A query that may see no key gives zeros, and gets zeros.
 *
 * Vaswani et al. 2017, "Attention is all you need"; Ainslie et al. 2023, "GQA: training generalized multi-query transformer models";
 * Gemma team 2024, "Gemma 2: improving open language models at a practical size" (soft caps); Xiao et al. 2023, "Efficient streaming
 * language models with attention sinks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [q, k, v] = [zeros([1, 1, 2, 4], on), zeros([1, 1, 2, 4], on), tensor([4, 8], [1, 1, 2, 1], on)];
 * const attrs: AttentionAttrs = { scale: 0.5, softCap: null, mask: [{ kind: "causal" }], queryOffset: 0, keyLength: 2 };
 * console.log(await attention([q, k, v, undefined, undefined], attrs).read()); // Float32Array(2) [ 4, 6 ]
 * ```
 */
export function attention(inputs: AttentionInputs, attrs: AttentionAttrs): Tensor {
  return apply(attentionOp, inputs, attrs);
}

/**
 * {@link attention}, and what each query gave each key: output [b, h, t, k] and weights [b, h, t, s]. A row of the weights sums to 1; with
 * sinks to less, for what the sink is given is no key's; and to 0 where a query may see no key. Runs step by step, on every
 * backend, and holds [b, h, t, s]: for looking, not for speed. Throws what `attention` throws.
 *
 * Gradient: through output and weights alike, by the steps of {@link explicitAttention}.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [q, k, v] = [zeros([1, 1, 2, 4], on), zeros([1, 1, 2, 4], on), tensor([4, 8], [1, 1, 2, 1], on)];
 * const attrs: AttentionAttrs = { scale: 0.5, softCap: null, mask: [{ kind: "causal" }], queryOffset: 0, keyLength: 2 };
 * const { output, weights } = attentionWithWeights([q, k, v, undefined, undefined], attrs);
 * console.log(await output.read()); // Float32Array(2) [ 4, 6 ]
 * console.log(await weights.read()); // Float32Array(4) [ 1, 0, 0.5, 0.5 ]
 * ```
 */
export function attentionWithWeights(
  inputs: AttentionInputs,
  attrs: AttentionAttrs,
): { readonly output: Tensor; readonly weights: Tensor } {
  const [q, k, v, bias, sinks, ...masks] = inputs;
  attentionType([q.type, k.type, v.type, bias?.type, sinks?.type, ...masks.map(({ type }) => type)], attrs);
  return scoped(() => {
    let weights: Tensor | undefined;
    const output = explicitAttention(inputs, attrs, (name, x) => (name === "pattern" ? (weights = x) : x));
    return { output, weights: weights! };
  });
}
