import { apply, none, type None, type Primitive } from "../op.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";
import { expectFloat, expectNumber } from "./operand.ts";

/** Element by element over one tensor of f32, f16 or bf16. */
export type Unary = Primitive<[x: Tensor], None>;

const float = (op: string, x: TensorType): TensorType => {
  expectFloat(op, x);
  return x;
};

export const expOp: Unary = {
  kind: "primitive",
  name: "exp",
  infer: ([x]) => float("exp", x),
  saves: "output",
  gradient: ({ output, upstream }) => [() => mul(upstream, output)],
};
export const logOp: Unary = {
  kind: "primitive",
  name: "log",
  infer: ([x]) => float("log", x),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => div(upstream, x)],
};
export const log1pOp: Unary = {
  kind: "primitive",
  name: "log1p",
  infer: ([x]) => float("log1p", x),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => div(upstream, add(x, 1))],
};
export const sqrtOp: Unary = {
  kind: "primitive",
  name: "sqrt",
  infer: ([x]) => float("sqrt", x),
  saves: "output",
  gradient: ({ output, upstream }) => [() => div(mul(upstream, 0.5), output)],
};
export const tanhOp: Unary = {
  kind: "primitive",
  name: "tanh",
  infer: ([x]) => float("tanh", x),
  saves: "output",
  gradient: ({ output, upstream }) => [() => mul(upstream, sub(1, mul(output, output)))],
};
export const erfOp: Unary = {
  kind: "primitive",
  name: "erf",
  infer: ([x]) => float("erf", x),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))],
};
export const sinOp: Unary = {
  kind: "primitive",
  name: "sin",
  infer: ([x]) => float("sin", x),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, cos(x))],
};
export const cosOp: Unary = {
  kind: "primitive",
  name: "cos",
  infer: ([x]) => float("cos", x),
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => neg(mul(upstream, sin(x)))],
};
export const floorOp: Unary = {
  kind: "primitive",
  name: "floor",
  infer: ([x]) => float("floor", x),
  gradient: null,
};

/**
 * eˣ, element by element, in the shape of x; ∞ where it does not fit. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream · eˣ.
 *
 * @example
 * ```ts
 * console.log(await exp(tensor([0, -Infinity], [2], cpu())).read()); // Float32Array(2) [ 1, 0 ]
 * ```
 */
export function exp(x: Tensor): Tensor {
  return apply(expOp, [x], none);
}
/**
 * The natural logarithm, element by element, in the shape of x; −∞ at 0, NaN below. f32, f16 or bf16. Throws `DTypeError` for another
 * dtype.
 *
 * Gradient: upstream / x.
 *
 * @example
 * ```ts
 * console.log(await log(tensor([1, 0, -1], [3], cpu())).read()); // Float32Array(3) [ 0, -Infinity, NaN ]
 * ```
 */
export function log(x: Tensor): Tensor {
  return apply(logOp, [x], none);
}
/**
 * log(1 + x), element by element, in the shape of x, and exact to the last digits where x is so small that 1 + x would lose it; −∞ at
 * −1, NaN below. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream / (1 + x).
 *
 * @example
 * ```ts
 * const x = tensor([2 ** -40], [1], cpu());
 * console.log(await log1p(x).read(), await log(add(x, 1)).read()); // Float32Array(1) [ 9.094947017729282e-13 ] Float32Array(1) [ 0 ]
 * ```
 */
export function log1p(x: Tensor): Tensor {
  return apply(log1pOp, [x], none);
}
/**
 * √x, element by element, in the shape of x; NaN below 0. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream / (2 √x); ∞ at 0.
 *
 * @example
 * ```ts
 * console.log(await sqrt(tensor([9, -1], [2], cpu())).read()); // Float32Array(2) [ 3, NaN ]
 * ```
 */
export function sqrt(x: Tensor): Tensor {
  return apply(sqrtOp, [x], none);
}
/**
 * The hyperbolic tangent (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), element by element, in the shape of x. f32, f16 or bf16. Throws `DTypeError` for
 * another dtype.
 *
 * Gradient: upstream · (1 − tanh² x).
 *
 * @example
 * ```ts
 * console.log(await tanh(tensor([0, 100], [2], cpu())).read()); // Float32Array(2) [ 0, 1 ]
 * ```
 */
export function tanh(x: Tensor): Tensor {
  return apply(tanhOp, [x], none);
}
/**
 * The error function 2/√π ∫₀ˣ e^(−u²) du, element by element, in the shape of x. f32, f16 or bf16. Throws `DTypeError` for another
 * dtype.
 *
 * Gradient: upstream · 2/√π e^(−x²).
 *
 * @example
 * ```ts
 * console.log(await erf(tensor([0, 1, 9], [3], cpu())).read()); // Float32Array(3) [ 0, 0.8427007794380188, 1 ]
 * ```
 */
export function erf(x: Tensor): Tensor {
  return apply(erfOp, [x], none);
}
/**
 * The sine of x in radians, element by element, in the shape of x. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream · cos x.
 *
 * @example
 * ```ts
 * console.log(await sin(tensor([0, Math.PI / 2], [2], cpu())).read()); // Float32Array(2) [ 0, 1 ]
 * ```
 */
export function sin(x: Tensor): Tensor {
  return apply(sinOp, [x], none);
}
/**
 * The cosine of x in radians, element by element, in the shape of x. f32, f16 or bf16. Throws `DTypeError` for another dtype.
 *
 * Gradient: −upstream · sin x.
 *
 * @example
 * ```ts
 * console.log(await cos(tensor([0, Math.PI], [2], cpu())).read()); // Float32Array(2) [ 1, -1 ]
 * ```
 */
export function cos(x: Tensor): Tensor {
  return apply(cosOp, [x], none);
}
/**
 * The largest whole number that is not above x, element by element, in the shape of x; still a float. f32, f16 or bf16. Throws
 * `DTypeError` for another dtype.
 *
 * Gradient: none; it is flat between whole numbers and jumps at them, so what goes through it counts as constant.
 *
 * @example
 * ```ts
 * console.log(await floor(tensor([1.5, -1.5, 2], [3], cpu())).read()); // Float32Array(3) [ 1, -2, 2 ]
 * ```
 */
export function floor(x: Tensor): Tensor {
  return apply(floorOp, [x], none);
}
/**
 * x², element by element, in the shape of x. f32, f16, bf16 or i32, which wraps around at 32 bits. Throws `DTypeError` for another
 * dtype.
 *
 * Gradient: upstream · 2 x.
 *
 * @example
 * ```ts
 * console.log(await square(tensor([-3, 0.5], [2], cpu())).read()); // Float32Array(2) [ 9, 0.25 ]
 * ```
 */
export function square(x: Tensor): Tensor {
  expectNumber("square", x.type);
  return mul(x, x);
}
