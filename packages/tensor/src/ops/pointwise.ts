import { apply, none, type None, type Primitive } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { div, mul, neg, sub } from "./arithmetic.ts";
import { expectFloat } from "./operand.ts";

/** Element by element over one tensor of f32, f16 or bf16. */
export type Unary = Primitive<[x: Tensor], None>;

const float = (op: string): Unary["infer"] => {
  return ([x]) => {
    expectFloat(op, x);
    return x;
  };
};

export const expOp: Unary = {
  kind: "primitive",
  name: "exp",
  infer: float("exp"),
  saves: "output",
  gradient: ({ output, upstream }) => [() => mul(upstream, output)],
};
export const logOp: Unary = {
  kind: "primitive",
  name: "log",
  infer: float("log"),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => div(upstream, x)],
};
export const sqrtOp: Unary = {
  kind: "primitive",
  name: "sqrt",
  infer: float("sqrt"),
  saves: "output",
  gradient: ({ output, upstream }) => [() => div(mul(upstream, 0.5), output)],
};
export const tanhOp: Unary = {
  kind: "primitive",
  name: "tanh",
  infer: float("tanh"),
  saves: "output",
  gradient: ({ output, upstream }) => [() => mul(upstream, sub(1, mul(output, output)))],
};
export const erfOp: Unary = {
  kind: "primitive",
  name: "erf",
  infer: float("erf"),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))],
};
export const sinOp: Unary = {
  kind: "primitive",
  name: "sin",
  infer: float("sin"),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, cos(x))],
};
export const cosOp: Unary = {
  kind: "primitive",
  name: "cos",
  infer: float("cos"),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => neg(mul(upstream, sin(x)))],
};

/** eˣ. @example `exp(x)` */
export function exp(x: Tensor): Tensor {
  return apply(expOp, [x], none);
}
/** The natural logarithm; −∞ at 0, NaN below. @example `log(x)` */
export function log(x: Tensor): Tensor {
  return apply(logOp, [x], none);
}
/** √x; NaN below 0. @example `sqrt(x)` */
export function sqrt(x: Tensor): Tensor {
  return apply(sqrtOp, [x], none);
}
/** tanh x. @example `tanh(x)` */
export function tanh(x: Tensor): Tensor {
  return apply(tanhOp, [x], none);
}
/** The error function 2/√π ∫₀ˣ e^(−u²) du. @example `erf(x)` */
export function erf(x: Tensor): Tensor {
  return apply(erfOp, [x], none);
}
/** sin x, in radians. @example `sin(x)` */
export function sin(x: Tensor): Tensor {
  return apply(sinOp, [x], none);
}
/** cos x, in radians. @example `cos(x)` */
export function cos(x: Tensor): Tensor {
  return apply(cosOp, [x], none);
}
