import type { Plain } from "@tenon/tensor/testing";

import type { OpCall } from "../run-op.ts";
import { magnitudes, narrower, pick, reals, shapeOf, truths, wholes, type Calls, type Draw } from "./draw.ts";

type Make = (draw: Draw) => OpCall;
type Values = (draw: Draw, shape: readonly number[]) => Plain;
const attrs = {};

/** Two operands that broadcast. */
const pair =
  (left: Values, right: Values): Make =>
  (draw) => {
    const shape = shapeOf(draw);
    const small = narrower(draw, shape);
    const [a, b] = draw.flag() ? [shape, small] : [small, shape];
    return { inputs: [left(draw, a), right(draw, b)], attrs };
  };
/** One of two operands a number. */
const withNumber =
  (left: Values, right: Values): Make =>
  (draw) => {
    const shape = shapeOf(draw);
    return { inputs: draw.flag() ? [left(draw, shape), 2] : [2, right(draw, shape)], attrs };
  };
const either =
  (...makes: readonly Make[]): Make =>
  (draw) =>
    pick(draw, makes)(draw);
const single =
  (values: Values): Make =>
  (draw) => ({ inputs: [values(draw, shapeOf(draw))], attrs });
const integers: Values = (draw, shape) => wholes(draw, shape, -50, 50);
const numbers = either(
  pair(reals, reals),
  pair(integers, integers),
  withNumber(reals, reals),
  withNumber(integers, integers),
);

const where: Make = (draw) => {
  const shape = shapeOf(draw);
  const values = pick<Values>(draw, [reals, integers, truths]);
  const mask = truths(draw, draw.flag() ? shape : narrower(draw, shape));
  return { inputs: [mask, values(draw, shape), values(draw, narrower(draw, shape))], attrs };
};
const cast: Make = (draw) => {
  const values = pick<Values>(draw, [reals, integers, truths]);
  const dtype = pick(draw, ["f32", "f16", "bf16", "i32", "u8", "bool"] as const);
  return { inputs: [values(draw, shapeOf(draw))], attrs: { dtype } };
};

/** Random calls of the ops that treat each element alone. */
export const elementwiseCalls: Calls<
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "maximum"
  | "equal"
  | "less"
  | "lessOrEqual"
  | "both"
  | "either"
  | "not"
  | "exp"
  | "log"
  | "log1p"
  | "sqrt"
  | "tanh"
  | "erf"
  | "sin"
  | "cos"
  | "floor"
  | "cast"
  | "where"
  | "relu"
  | "abs"
  | "sigmoid"
  | "silu"
  | "softplus"
  | "squaredRelu"
  | "gelu"
  | "geluGradient"
> = {
  add: numbers,
  sub: numbers,
  mul: numbers,
  div: either(pair(reals, magnitudes), withNumber(reals, magnitudes)),
  maximum: numbers,
  equal: either(numbers, pair(truths, truths)),
  less: numbers,
  lessOrEqual: numbers,
  both: pair(truths, truths),
  either: pair(truths, truths),
  not: single(truths),
  exp: single(reals),
  log: single(magnitudes),
  log1p: single(magnitudes),
  sqrt: single(magnitudes),
  tanh: single(reals),
  erf: single(reals),
  sin: single(reals),
  cos: single(reals),
  floor: single(reals),
  cast,
  where,
  relu: single(reals),
  abs: single(reals),
  sigmoid: single(reals),
  silu: single(reals),
  softplus: single(reals),
  squaredRelu: single(reals),
  gelu: (draw) => ({
    inputs: [reals(draw, shapeOf(draw))],
    attrs: { form: draw.flag() ? "exact" : "tanh" },
  }),
  geluGradient: (draw) => {
    const shape = shapeOf(draw);
    return { inputs: [reals(draw, shape), reals(draw, shape)], attrs: { form: draw.flag() ? "exact" : "tanh" } };
  },
};
