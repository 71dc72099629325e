import { none } from "../op.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { plainErf } from "./elementwise-cases.ts";
import type { OpCase } from "./op-case.ts";
import { at, floats, integers, plain, type Plain } from "./plain.ts";

const dice = random(43);
const real = (shape: Shape): Plain => floats(shape, dice);
const shapes: readonly Shape[] = [[], [0], [7], [2, 3, 4]];

const activation = (f: (x: number) => number, attrs: OpCase["attrs"] = none, draw = real): OpCase[] =>
  shapes.map((shape) => {
    const x = draw(shape);
    return { inputs: [x], attrs, expected: [plain(shape, (i) => f(at(x, i)), x.dtype)] };
  });
const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const geluTanh = (x: number): number => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

/** upstream · f′(x) */
const slopes = (derivative: (x: number) => number, attrs: OpCase["attrs"]): OpCase[] =>
  shapes.map((shape) => {
    const [x, upstream] = [real(shape), real(shape)];
    return { inputs: [x, upstream], attrs, expected: [plain(shape, (i) => at(upstream, i) * derivative(at(x, i)))] };
  });
const geluSlope = (x: number): number =>
  (1 + plainErf(x / Math.SQRT2)) / 2 + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
/** With σ(2u) = (1 + tanh u) / 2: the slope of x · σ(2u(x)). */
const geluTanhSlope = (x: number): number => {
  const s = logistic(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3));
  return s + x * s * (1 - s) * 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x ** 2);
};

/** Calls of the composites of one tensor, element by element, and of their gradients. */
export const activationCases: {
  readonly [
    K in "abs" | "relu" | "squaredRelu" | "gelu" | "geluGradient" | "sigmoid" | "silu" | "softplus"
  ]: readonly OpCase[];
} = {
  abs: [...activation(Math.abs), ...activation(Math.abs, none, (shape) => integers(shape, dice, -9, 9))],
  relu: activation((x) => Math.max(x, 0)),
  squaredRelu: activation((x) => Math.max(x, 0) ** 2),
  gelu: [
    ...activation((x) => (x / 2) * (1 + plainErf(x / Math.SQRT2)), { form: "exact" }),
    ...activation(geluTanh, { form: "tanh" }),
  ],
  geluGradient: [...slopes(geluSlope, { form: "exact" }), ...slopes(geluTanhSlope, { form: "tanh" })],
  sigmoid: activation(logistic),
  silu: activation((x) => x * logistic(x)),
  softplus: activation((x) => Math.log(1 + Math.exp(x))),
};
