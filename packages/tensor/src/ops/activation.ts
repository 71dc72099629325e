import { apply, none, type Composite, type None } from "../op.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { less } from "./compare.ts";
import { maximum } from "./maximum.ts";
import { expectFloat } from "./operand.ts";
import { erf, exp, tanh } from "./pointwise.ts";
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

/** max(x, 0); its gradient at 0 is 0. @example `relu(x)` */
export function relu(x: Tensor): Tensor {
  return apply(reluOp, [x], none);
}

/** Which GELU: with the error function ("exact", BERT) or Hendrycks and Gimpel's approximation ("tanh", GPT-2). */
export type GeluForm = "exact" | "tanh";
const slope = Math.sqrt(2 / Math.PI);
const cubic = 0.044715;

export const geluOp: Composite<[x: Tensor], { form: GeluForm }> = {
  kind: "composite",
  name: "gelu",
  infer: ([x]) => float("gelu", x),
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
  infer: ([x]) => x,
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
 * The Gaussian error linear unit x · Φ(x) (Hendrycks and Gimpel 2016), exact or by tanh.
 *
 * @example
 * ```ts
 * gelu(x); // BERT
 * gelu(x, "tanh"); // GPT-2
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

/** 1 / (1 + e^−x). @example `sigmoid(x)` */
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

/** x · sigmoid(x), also called swish (Elfwing 2017). @example `silu(x)` */
export function silu(x: Tensor): Tensor {
  return apply(siluOp, [x], none);
}
