import { none } from "../op.ts";
import type { NamedActivation } from "../ops/named-activation.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { plainErf } from "./elementwise-cases.ts";
import type { OpCase } from "./op-case.ts";
import { at, floats, plain, total, upTo, type Plain } from "./plain.ts";

const dice = random(53);
const real = (shape: Shape): Plain => floats(shape, dice);

function linearCase(lead: Shape, input: number, output: number, bias: Plain | undefined): OpCase {
  const x = real([...lead, input]);
  const weight = real([output, input]);
  const expected = plain(
    [...lead, output],
    (i) =>
      total(upTo(input).map((p) => at(x, [...i.slice(0, -1), p]) * at(weight, [i.at(-1)!, p]))) +
      (bias === undefined ? 0 : at(bias, i)),
  );
  return { inputs: [x, weight, bias], attrs: none, expected: [expected] };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const functions: { readonly [K in NamedActivation]: (x: number) => number } = {
  relu: (x) => (x > 0 ? x : 0),
  gelu: (x) => (x / 2) * (1 + plainErf(x / Math.SQRT2)),
  geluTanh: (x) => x * logistic(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)),
  silu: (x) => x * logistic(x),
  sigmoid: logistic,
  tanh: Math.tanh,
  squaredRelu: (x) => (x > 0 ? x * x : 0),
  softplus: (x) => Math.log(1 + Math.exp(x)),
};

function activated(activation: NamedActivation, each: OpCase): OpCase {
  const expected = each.expected.map((y) => ({ ...y, data: y.data.map(functions[activation]) }));
  return { ...each, attrs: { activation }, expected };
}

/** Calls of the linear map, alone and with what follows it. */
export const linearCases: { readonly [K in "linear" | "linearActivation"]: readonly OpCase[] } = {
  linear: [
    linearCase([], 3, 2, real([2])),
    linearCase([4], 3, 5, real([5])),
    linearCase([2, 3], 5, 4, undefined),
    linearCase([2, 1, 3], 1, 1, real([1])),
    linearCase([9], 7, 6, real([6])),
    linearCase([0], 3, 2, real([2])),
    linearCase([3], 0, 2, real([2])),
  ],
  linearActivation: [
    ...(Object.keys(functions) as NamedActivation[]).map((name) =>
      activated(name, linearCase([2, 2], 2, 3, real([3]))),
    ),
    activated("relu", linearCase([5], 3, 2, undefined)),
    activated("silu", linearCase([0], 3, 2, real([2]))),
    activated("softplus", linearCase([], 0, 2, real([2]))),
  ],
};
