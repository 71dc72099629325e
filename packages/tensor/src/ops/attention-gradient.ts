import { ShapeError } from "../errors.ts";
import type { Composite } from "../op.ts";
import { sameShape, show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul, neg } from "./arithmetic.ts";
import { attentionType, type AttentionAttrs, type AttentionInputs } from "./attention-type.ts";
import { maskOf, patternOf, scoresOf } from "./explicit-attention.ts";
import { expectDType } from "./operand.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { pad } from "./slice.ts";
import { throughPattern } from "./through-pattern.ts";

/** What attention took, what it gave, and what came back: output and upstream [b, h, t, k]. */
export type AttentionGradientInputs = readonly [
  q: Tensor,
  k: Tensor,
  v: Tensor,
  bias: Tensor | undefined,
  sinks: Tensor | undefined,
  output: Tensor,
  upstream: Tensor,
  ...mask: Tensor[],
];

/**
 * The gradients of attention with respect to q, k, v, then the bias if there is one, then the sinks if there are. The pattern P is computed
 * again from q and k, so that nobody keeps [b, h, t, s] from the forward to the backward pass (Dao et al. 2022, "FlashAttention"). With
 * upstream dO, output O, C the scores before the bias, c the soft cap, and P₀ what the sink is given:
 *
 *   D = Σ dO ∘ O over k, dV = Pᵀ dO, dS = P ∘ (dO Vᵀ − D), dX = scale · dS ∘ (1 − (C / c)²), dQ = dX K, dK = dXᵀ Q,
 *   d bias = dS, d sinks = −Σ P₀ D
 *
 * Gradients are summed over what was shared: a key head's over its query heads, the bias's over what it was broadcast to. Keys and values
 * beyond `keyLength` get zeros, and so does everything that a masked pair touches. Differentiated through its composition.
 */
export const attentionGradientOp: Composite<AttentionGradientInputs, AttentionAttrs, readonly Tensor[]> = {
  kind: "composite",
  name: "attentionGradient",
  dynamic: ["queryOffset", "keyLength"],
  infer: ([q, k, v, bias, sinks, output, upstream, ...masks], attrs) => {
    const type = attentionType([q, k, v, bias, sinks, ...masks], attrs, "attentionGradient");
    for (const [name, x] of Object.entries({ output, upstream })) {
      expectDType("attentionGradient", x, type.dtype, name);
      if (!sameShape(x.shape, type.shape))
        throw new ShapeError(`attentionGradient: ${name} must be ${show(type.shape)}, got ${show(x.shape)}`, {
          expected: type.shape,
          actual: x.shape,
        });
    }
    return [q, k, v, ...(bias === undefined ? [] : [bias]), ...(sinks === undefined ? [] : [sinks])];
  },
  compose: ([q, k, v, bias, sinks, output, upstream, ...masks], attrs) => {
    const inputs: AttentionInputs = [q, k, v, bias, sinks, ...masks];
    const { capped, scores } = scoresOf(inputs, attrs);
    const { pattern, sunk } = patternOf(scores, maskOf(inputs, attrs), sinks);
    const drift = sum(mul(upstream, output), -1, { keepDims: true });
    const [dq, dk, dv, ...dBias] = throughPattern(pattern, inputs, attrs, capped, upstream, drift);
    const free = k.shape[2]! - attrs.keyLength;
    const toCapacity = (x: Tensor): Tensor => (free > 0 ? pad(x, 2, 0, free) : x);
    return [
      dq!,
      toCapacity(dk!),
      toCapacity(dv!),
      ...dBias,
      ...(sinks === undefined ? [] : [reshape(sum(neg(mul(sunk!, drift)), [0, 2, 3]), sinks.shape)]),
    ];
  },
  flops: ([q, k, v], _, { keyLength }) =>
    sizeOf(q.shape.slice(0, 3)) * keyLength * (6 * k.shape[3]! + 4 * v.shape[3]! + 8),
};
