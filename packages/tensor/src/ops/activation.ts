import { ConfigError } from "../errors.ts";
import { apply, none, type Composite, type None } from "../op.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add, mul, neg, sub } from "./arithmetic.ts";
import { less } from "./compare.ts";
import { maximum } from "./maximum.ts";
import { expectFloat, expectGradientOf } from "./operand.ts";
import { erf, exp, log1p, square, tanh } from "./pointwise.ts";
import { where } from "./where.ts";

const float = (op: string, x: TensorType): TensorType => {
  expectFloat(op, x);
  return x;
};

export const reluOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "relu",
  infer: ([x]) => float("relu", x),
  saves: "inputs",
  compose: ([x]) => maximum(x, 0),
  gradient: ({ inputs: [x], upstream }) => [() => where(less(0, x), upstream, 0)],
};

/**
 * The rectified linear unit max(x, 0), element by element, in the shape of x. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream where x > 0, else 0.
 *
 * @example
 * ```ts
 * console.log(await relu(tensor([-1, 0, 2], [3], cpu())).read()); // Float32Array(3) [ 0, 0, 2 ]
 * ```
 */
export function relu(x: Tensor): Tensor {
  return apply(reluOp, [x], none);
}

export const squaredReluOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "squaredRelu",
  infer: ([x]) => float("squaredRelu", x),
  saves: "inputs",
  compose: ([x]) => square(maximum(x, 0)),
  gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, mul(maximum(x, 0), 2))],
};

/**
 * The squared rectified linear unit max(x, 0)², element by element, in the shape of x (So et al. 2021, "Primer: searching for
 * efficient transformers for language modeling"). f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream · 2 max(x, 0).
 *
 * @example
 * ```ts
 * console.log(await squaredRelu(tensor([-1, 0, 3], [3], cpu())).read()); // Float32Array(3) [ 0, 0, 9 ]
 * ```
 */
export function squaredRelu(x: Tensor): Tensor {
  return apply(squaredReluOp, [x], none);
}

/** Which GELU: with the error function ("exact", BERT) or Hendrycks and Gimpel's approximation ("tanh", GPT-2). */
export type GeluForm = "exact" | "tanh";
const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

export const geluOp: Composite<[x: Tensor], { form: GeluForm }> = {
  kind: "composite",
  name: "gelu",
  infer: ([x], { form }) => {
    if (form !== "exact" && form !== "tanh")
      throw new ConfigError(`gelu: the form must be "exact" or "tanh", got ${JSON.stringify(form)}`, { form });
    return float("gelu", x);
  },
  saves: "inputs",
  compose: ([x], { form }) => mul(x, form === "exact" ? normalBelow(x) : aboutNormalBelow(x).below),
  gradient: ({ inputs: [x], upstream, attrs }) => [() => apply(geluGradientOp, [x, upstream], attrs)],
};
/**
 * upstream · gelu′(x), with gelu′(x) = Φ(x) + x φ(x). An op of its own because it is a dozen passes over memory when composed; it
 * is differentiated through its composition, which only second derivatives ask for.
 */
export const geluGradientOp: Composite<[x: Tensor, upstream: Tensor], { form: GeluForm }> = {
  kind: "composite",
  name: "geluGradient",
  infer: ([x, upstream]) => expectGradientOf("geluGradient", x, upstream),
  compose: ([x, upstream], { form }) => {
    if (form === "exact")
      return mul(upstream, add(normalBelow(x), mul(x, mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI)))));
    const { below, t } = aboutNormalBelow(x);
    const inner = mul(add(mul(mul(x, x), 3 * cubic), 1), slope);
    return mul(upstream, add(below, mul(mul(mul(x, 0.5), sub(1, mul(t, t))), inner)));
  },
};
/** Φ(x) = (1 + erf(x / √2)) / 2 */
function normalBelow(x: Tensor): Tensor {
  return mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
}
/** Φ(x) ≈ (1 + t) / 2 with t = tanh(√(2/π) (x + 0.044715 x³)) */
function aboutNormalBelow(x: Tensor): { below: Tensor; t: Tensor } {
  const t = tanh(mul(mul(x, add(mul(mul(x, x), cubic), 1)), slope));
  return { below: mul(add(t, 1), 0.5), t };
}

/**
 * The Gaussian error linear unit x · Φ(x), element by element, in the shape of x, with Φ the distribution of a normal number
 * (Hendrycks and Gimpel 2016): exact, (1 + erf(x / √2)) / 2, as in BERT, or by tanh, (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, as in
 * GPT-2. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream · (Φ(x) + x Φ′(x)), of the form that was chosen.
 *
 * @example
 * ```ts
 * const x = tensor([-1, 0, 1], [3], cpu());
 * console.log(await gelu(x).read()); // Float32Array(3) [ -0.15865525603294373, 0, 0.8413447737693787 ]
 * console.log(await gelu(x, "tanh").read()); // Float32Array(3) [ -0.15880800783634186, 0, 0.8411920070648193 ]
 * ```
 */
export function gelu(x: Tensor, form: GeluForm = "exact"): Tensor {
  return apply(geluOp, [x], { form });
}

export const sigmoidOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "sigmoid",
  infer: ([x]) => float("sigmoid", x),
  saves: "output",
  compose: ([x]) => mul(add(tanh(mul(x, 0.5)), 1), 0.5), // never overflows
  gradient: ({ output: y, upstream }) => [() => mul(upstream, mul(y, sub(1, y)))],
};

/**
 * The logistic function 1 / (1 + e^−x), element by element, in the shape of x. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream · y (1 − y), with y the result.
 *
 * @example
 * ```ts
 * console.log(await sigmoid(tensor([-100, 0, 100], [3], cpu())).read()); // Float32Array(3) [ 0, 0.5, 1 ]
 * ```
 */
export function sigmoid(x: Tensor): Tensor {
  return apply(sigmoidOp, [x], none);
}

export const siluOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "silu",
  infer: ([x]) => float("silu", x),
  saves: "inputs",
  compose: ([x]) => mul(x, sigmoid(x)),
  gradient: ({ inputs: [x], upstream }) => [
    () => {
      const s = sigmoid(x);
      return mul(upstream, mul(s, add(mul(x, sub(1, s)), 1)));
    },
  ],
};

/**
 * The sigmoid linear unit x · sigmoid(x), also called swish, element by element, in the shape of x (Elfwing et al. 2017,
 * "Sigmoid-weighted linear units for neural network function approximation in reinforcement learning"). f32, f16 or bf16. Throws
 * `DTypeError` for another dtype.
 *
 * Gradient: upstream · s (1 + x (1 − s)), with s = sigmoid(x).
 *
 * @example
 * ```ts
 * console.log(await silu(tensor([-100, 0, 1], [3], cpu())).read()); // Float32Array(3) [ -0, 0, 0.7310585975646973 ]
 * ```
 */
export function silu(x: Tensor): Tensor {
  return apply(siluOp, [x], none);
}

export const softplusOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "softplus",
  infer: ([x]) => float("softplus", x),
  saves: "inputs",
  compose: ([x]) => add(maximum(x, 0), log1p(exp(neg(abs(x))))),
  gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, sigmoid(x))],
};

/**
 * The smooth rectifier log(1 + eˣ), element by element, in the shape of x, as max(x, 0) + log(1 + e^−|x|), in which nothing overflows.
 * f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream · sigmoid(x).
 *
 * @example
 * ```ts
 * console.log(await softplus(tensor([-1000, 0, 1000], [3], cpu())).read()); // Float32Array(3) [ 0, 0.6931471824645996, 1000 ]
 * ```
 */
export function softplus(x: Tensor): Tensor {
  return apply(softplusOp, [x], none);
}
