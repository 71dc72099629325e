import { ConfigError, ShapeError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { axisOf, show, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { mean } from "./mean.ts";
import { expectDType, expectFloat, expectGradientOf } from "./operand.ts";
import { sqrt } from "./pointwise.ts";
import { unbroadcast } from "./reduce.ts";

const kept = { keepDims: true } as const;

/** The type of a norm of x, which is that of x. */
export function normType(
  op: string,
  { epsilon }: { epsilon: number },
  x: TensorType,
  weight: TensorType,
  bias?: TensorType,
): TensorType {
  if (!Number.isFinite(epsilon) || epsilon < 0)
    throw new ConfigError(`${op}: epsilon must be a number from 0 up, got ${JSON.stringify(epsilon)}`, { op, epsilon });
  const dtype = expectFloat(op, x, "x");
  const d = x.shape[axisOf(-1, x.shape.length, op)];
  for (const vector of bias === undefined ? [weight] : [weight, bias]) {
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
  infer: ([x, weight, bias], attrs) => normType("layerNorm", attrs, x, weight, bias),
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

/**
 * The gradient of layerNorm to x, (ĝ − mean ĝ − x̂ · mean(ĝ x̂)) / σ with ĝ = upstream · weight and x̂ = (x − mean x) / σ. Differentiated
 * through its composition.
 */
export const layerNormGradientOp: Composite<[x: Tensor, weight: Tensor, upstream: Tensor], { epsilon: number }> = {
  kind: "composite",
  name: "layerNormGradient",
  infer: ([x, weight, upstream], attrs) => {
    expectGradientOf("layerNormGradient", x, upstream);
    return normType("layerNormGradient", attrs, x, weight);
  },
  compose: ([x, weight, upstream], { epsilon }) => {
    const { normal, deviation } = normalise(centred(x), epsilon);
    const scaled = mul(upstream, weight);
    const along = mul(normal, mean(mul(scaled, normal), -1, kept));
    return div(sub(sub(scaled, mean(scaled, -1, kept)), along), deviation);
  },
};

/**
 * Layer normalisation over the last axis, (x − mean x) / √(variance x + ε) · weight + bias: x […, d], weight [d], bias [d] or undefined
 * → […, d]. f32, f16 or bf16, the same for all; halves are computed in f32. Throws `ShapeError` where sizes differ or x is a scalar, and
 * `DTypeError` for other dtypes and for two of them.
 *
 * Gradient: to x (ĝ − mean ĝ − x̂ · mean(ĝ x̂)) / σ, with ĝ = upstream · weight, σ the root and x̂ = (x − mean x) / σ; to weight
 * upstream · x̂ and to bias upstream, summed over all rows.
 *
 * Ba, Kiros and Hinton 2016, "Layer normalization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 3, -5, 5], [2, 2], on);
 * console.log(await layerNorm(x, ones([2], on), zeros([2], on), 0).read()); // Float32Array(4) [ -1, 1, -1, 1 ]
 * ```
 */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor | undefined, epsilon = 1e-5): Tensor {
  return apply(layerNormOp, [x, weight, bias], { epsilon });
}

export const rmsNormOp: Composite<[x: Tensor, weight: Tensor], { epsilon: number }> = {
  kind: "composite",
  name: "rmsNorm",
  infer: ([x, weight], attrs) => normType("rmsNorm", attrs, x, weight),
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

/**
 * Root-mean-square normalisation over the last axis, x / √(mean x² + ε) · weight: x […, d], weight [d] → […, d]. f32, f16 or bf16, the same
 * for both; halves are computed in f32. Throws `ShapeError` where sizes differ or x is a scalar, and `DTypeError` for other dtypes and
 * for two of them.
 *
 * Gradient: to x (ĝ − x̂ · mean(ĝ x̂)) / σ, with ĝ = upstream · weight, σ the root and x̂ = x / σ; to weight upstream · x̂, summed over
 * all rows.
 *
 * Zhang and Sennrich 2019, "Root mean square layer normalization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([4, -4, 0.5, 0.5], [2, 2], on);
 * console.log(await rmsNorm(x, tensor([1, 10], [2], on), 0).read()); // Float32Array(4) [ 1, -10, 1, 10 ]
 * ```
 */
export function rmsNorm(x: Tensor, weight: Tensor, epsilon = 1e-6): Tensor {
  return apply(rmsNormOp, [x, weight], { epsilon });
}
