import { ShapeError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { axisOf, show, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { mean } from "./max.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { sqrt } from "./pointwise.ts";
import { unbroadcast } from "./reduce.ts";

const kept = { keepDims: true } as const;

function widthOf(op: string, x: TensorType, ...vectors: readonly (TensorType | undefined)[]): TensorType {
  const dtype = expectFloat(op, x, "x");
  const d = x.shape[axisOf(-1, x.shape.length, op)];
  for (const vector of vectors) {
    if (vector === undefined) continue;
    expectDType(op, vector, dtype, "weight or bias");
    if (vector.shape.length !== 1 || vector.shape[0] !== d) {
      throw new ShapeError(
        `${op}: weight and bias must be [${d}], the last axis of x ${show(x.shape)}; got ${show(vector.shape)}`,
        { x: x.shape, vector: vector.shape },
      );
    }
  }
  return x;
}

const centred = (x: Tensor): Tensor => sub(x, mean(x, -1, kept));
/** x divided by the root of its mean square, and that root. */
function normalise(x: Tensor, epsilon: number): { normal: Tensor; deviation: Tensor } {
  const deviation = sqrt(add(mean(mul(x, x), -1, kept), epsilon));
  return { normal: div(x, deviation), deviation };
}

export const layerNormOp: Composite<[x: Tensor, weight: Tensor, bias: Tensor | undefined], { epsilon: number }> = {
  kind: "composite",
  name: "layerNorm",
  infer: ([x, weight, bias]) => widthOf("layerNorm", x, weight, bias),
  saves: "inputs",
  compose: ([x, weight, bias], { epsilon }) => {
    const y = mul(normalise(centred(x), epsilon).normal, weight);
    return bias === undefined ? y : add(y, bias);
  },
  gradient: ({ inputs: [x, weight, bias], upstream: g, attrs }) => [
    () => apply(layerNormGradientOp, [x, weight, g], attrs),
    () => unbroadcast(mul(g, normalise(centred(x), attrs.epsilon).normal), weight.shape),
    bias && (() => unbroadcast(g, bias.shape)),
  ],
};

/** The gradient of layerNorm with respect to x: (ĝ − mean ĝ − x̂ · mean(ĝ x̂)) / σ with ĝ = weight · upstream. Differentiated through its composition. */
export const layerNormGradientOp: Composite<[x: Tensor, weight: Tensor, upstream: Tensor], { epsilon: number }> = {
  kind: "composite",
  name: "layerNormGradient",
  infer: ([x]) => x,
  compose: ([x, weight, upstream], { epsilon }) => {
    const { normal, deviation } = normalise(centred(x), epsilon);
    const scaled = mul(upstream, weight);
    const along = mul(normal, mean(mul(scaled, normal), -1, kept));
    return div(sub(sub(scaled, mean(scaled, -1, kept)), along), deviation);
  },
};

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016): (x − mean x) / √(var x + ε) · weight + bias over the last axis.
 * x […, d], weight [d], bias [d] or undefined → […, d].
 *
 * @example
 * ```ts
 * layerNorm(x, weight, bias, 1e-5);
 * ```
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor | undefined, epsilon = 1e-5): Tensor {
  return apply(layerNormOp, [x, weight, bias], { epsilon });
}

export const rmsNormOp: Composite<[x: Tensor, weight: Tensor], { epsilon: number }> = {
  kind: "composite",
  name: "rmsNorm",
  infer: ([x, weight]) => widthOf("rmsNorm", x, weight),
  saves: "inputs",
  compose: ([x, weight], { epsilon }) => mul(normalise(x, epsilon).normal, weight),
  gradient: ({ inputs: [x, weight], upstream: g, attrs: { epsilon } }) => {
    const { normal, deviation } = normalise(x, epsilon);
    return [
      () => {
        const scaled = mul(g, weight);
        return div(sub(scaled, mul(normal, mean(mul(scaled, normal), -1, kept))), deviation);
      },
      () => unbroadcast(mul(g, normal), weight.shape),
    ];
  },
};

/** Root-mean-square normalisation (Zhang and Sennrich 2019): x / √(mean x² + ε) · weight over the last axis. x […, d], weight [d]. @example `rmsNorm(x, weight)` */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon = 1e-6): Tensor {
  return apply(rmsNormOp, [x, weight], { epsilon });
}
