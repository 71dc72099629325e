import { none } from "../op.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { DType } from "../dtype.ts";
import type { OpCase } from "./op-case.ts";
import { at, bools, floats, integers, plain, positive, type Plain } from "./plain.ts";

const dice = random(5);
type Draw = (shape: Shape) => Plain;
const real: Draw = (shape) => floats(shape, dice);
const magnitude: Draw = (shape) => positive(shape, dice);
const whole: Draw = (shape) => integers(shape, dice, -5, 6);
const truth: Draw = (shape) => bools(shape, dice);
const byte: Draw = (shape) => plain(shape, () => dice.integer(5), "u8");
/** Between −0.875 and 0.875. */
const small: Draw = (shape) => plain(shape, () => dice.integer(15) / 8 - 0.875);

/** Pairs of shapes that broadcast, with what they broadcast to: same, scalars, rows, columns, both at once, fewer axes, nothing. */
const pairs: readonly [a: Shape, b: Shape, out: Shape][] = [
  [[], [], []],
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [[5], [], [5]],
  [[], [5], [5]],
  [[2, 3], [3], [2, 3]],
  [[3], [2, 3], [2, 3]],
  [
    [2, 1],
    [2, 3],
    [2, 3],
  ],
  [
    [2, 3],
    [2, 1],
    [2, 3],
  ],
  [
    [2, 1, 4],
    [3, 1],
    [2, 3, 4],
  ],
  [[1, 1], [5], [1, 5]],
  [
    [3, 1],
    [1, 0],
    [3, 0],
  ],
  [[0, 3], [3], [0, 3]],
];

function binary(
  f: (a: number, b: number) => number,
  dtype: DType | "same",
  draws: readonly Draw[],
  numbers = true,
): OpCase[] {
  const each = (a: Plain | number, b: Plain | number, out: Shape): OpCase => {
    const from = typeof a === "number" ? (b as Plain) : a;
    return {
      inputs: [a, b],
      attrs: none,
      expected: [plain(out, (i) => f(at(a, i), at(b, i)), dtype === "same" ? from.dtype : dtype)],
    };
  };
  return draws.flatMap((draw) => [
    ...pairs.map(([a, b, out]) => each(draw(a), draw(b), out)),
    ...(numbers
      ? [
          each(draw([2, 3]), 2, [2, 3]),
          each(-3, draw([4]), [4]),
          each(draw([]), 2, []),
          each(draw([2, 0]), 2, [2, 0]),
          each(1, draw([0]), [0]),
        ]
      : []),
  ]);
}

function unary(f: (x: number) => number, draw: Draw): OpCase[] {
  return [[], [0], [7], [3, 5]].map((shape) => {
    const x = draw(shape);
    return { inputs: [x], attrs: none, expected: [plain(shape, (i) => f(at(x, i)), x.dtype)] };
  });
}

function casts(draw: Draw, dtype: DType, f: (x: number) => number): OpCase[] {
  return [[], [0], [2, 9]].map((shape) => {
    const x = draw(shape);
    return { inputs: [x], attrs: { dtype }, expected: [plain(shape, (i) => f(at(x, i)), dtype)] };
  });
}

function whereCase(mask: Shape, a: Plain | number, b: Plain | number, out: Shape): OpCase {
  const m = truth(mask);
  const dtype = typeof a === "object" ? a.dtype : typeof b === "object" ? b.dtype : "f32";
  return {
    inputs: [m, a, b],
    attrs: none,
    expected: [plain(out, (i) => (at(m, i) === 1 ? at(a, i) : at(b, i)), dtype)],
  };
}

/** The error function by Simpson's rule: nothing that the kernel does. */
export function plainErf(x: number): number {
  const n = 4000;
  const f = (u: number): number => Math.exp(-u * u);
  let sum = f(0) + f(x);
  for (let i = 1; i < n; i++) sum += f((x * i) / n) * (i % 2 === 0 ? 2 : 4);
  return ((2 / Math.sqrt(Math.PI)) * sum * x) / n / 3;
}

const truthOf = (x: boolean): number => (x ? 1 : 0);

const compared = (holds: (a: number, b: number) => boolean): OpCase[] => {
  const f = (a: number, b: number): number => truthOf(holds(a, b));
  const bytesAndNumber: OpCase[] = [[2, 3], [0]].map((shape) => {
    const x = byte(shape);
    return { inputs: [x, 2], attrs: none, expected: [plain(shape, (i) => f(at(x, i), 2), "bool")] };
  });
  return [...binary(f, "bool", [real, whole]), ...binary(f, "bool", [truth, byte], false), ...bytesAndNumber];
};

export const elementwiseCases: {
  readonly [
    K in
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
  ]: readonly OpCase[];
} = {
  add: binary((a, b) => a + b, "same", [real, whole]),
  sub: binary((a, b) => a - b, "same", [real, whole]),
  mul: binary((a, b) => a * b, "same", [real, whole]),
  div: binary((a, b) => a / b, "same", [magnitude]),
  maximum: binary(Math.max, "same", [real, whole]),
  equal: compared((a, b) => a === b),
  less: compared((a, b) => a < b),
  lessOrEqual: compared((a, b) => a <= b),
  both: binary((a, b) => truthOf(a === 1 && b === 1), "bool", [truth], false),
  either: binary((a, b) => truthOf(a === 1 || b === 1), "bool", [truth], false),
  not: unary((x) => 1 - x, truth),
  exp: unary(Math.exp, real),
  log: unary(Math.log, magnitude),
  log1p: [...unary((x) => Math.log(1 + x), magnitude), ...unary((x) => Math.log(1 + x), small)],
  sqrt: unary(Math.sqrt, magnitude),
  tanh: unary((x) => 1 - 2 / (Math.exp(2 * x) + 1), real),
  erf: unary(plainErf, real),
  sin: unary(Math.sin, real),
  cos: unary(Math.cos, real),
  floor: [...unary(Math.floor, real), ...unary(Math.floor, (shape) => plain(shape, () => dice.integer(9) - 4))],
  cast: [
    ...casts((shape) => plain(shape, () => Math.round(20 * dice.normal()) / 4), "i32", Math.trunc),
    ...casts(whole, "f32", (x) => x),
    ...casts(truth, "f32", (x) => x),
    ...casts(truth, "i32", (x) => x),
    ...casts(whole, "bool", (x) => truthOf(x !== 0)),
    ...casts(
      (shape) => plain(shape, () => dice.integer(3) / 2),
      "bool",
      (x) => truthOf(x !== 0),
    ),
  ],
  where: [
    ...pairs.map(([a, b, out]) => whereCase(out, real(a), real(b), out)),
    whereCase([2, 1], real([3]), real([]), [2, 3]),
    whereCase([3], real([2, 3]), 0, [2, 3]),
    whereCase([], real([2, 3]), 7, [2, 3]),
    whereCase([2, 3], -1, whole([3]), [2, 3]),
    whereCase([4], 1, -1, [4]),
    whereCase([2, 2], truth([2]), truth([2, 1]), [2, 2]),
    whereCase([2, 3], byte([3]), byte([2, 1]), [2, 3]),
    whereCase([2, 3], byte([2, 3]), 9, [2, 3]),
    whereCase([3], whole([3]), whole([]), [3]),
  ],
};
