import type { Call, KernelTable } from "../kernel.ts";
import { sameShape } from "../shape.ts";
import { erf } from "./erf.ts";
import { eachRow, shapeAt, stridesIn } from "./rows.ts";
import type { Data } from "./storage.ts";

// Each op brings a loop of its own rather than a function of two numbers: a shared loop that calls one of many functions cannot be
// compiled well for any of them, and a third of a training step would be spent on calls.

/** y[o + c] = f(a[i + c · stepA], b[j + c · stepB]) for c from 0 to n − 1; a step is 0 where the operand is broadcast. */
type BinaryLoop = (
  y: Data,
  o: number,
  n: number,
  a: Data,
  i: number,
  stepA: number,
  b: Data,
  j: number,
  stepB: number,
) => void;
type BinaryKernel = (inputs: readonly [Data | number, Data | number], attrs: object, call: Call<Data>) => Data;

/** Runs a loop over everything at once when no axis is broadcast in part, and row by row otherwise. */
const binary =
  (loop: BinaryLoop): BinaryKernel =>
  ([left, right], _, call) => {
    const { output } = call;
    const { shape } = output;
    const y = call.allocate(output);
    const a = asData(left, right);
    const b = asData(right, left);
    const shapeA = shapeAt(call, 0);
    const shapeB = shapeAt(call, 1);
    if ((a.length === 1 || sameShape(shapeA, shape)) && (b.length === 1 || sameShape(shapeB, shape))) {
      loop(y, 0, y.length, a, 0, a.length === 1 ? 0 : 1, b, 0, b.length === 1 ? 0 : 1);
      return y;
    }
    const strides = [stridesIn(shapeA, shape), stridesIn(shapeB, shape)];
    const [stepA = 0, stepB = 0] = strides.map((s) => s.at(-1)!);
    eachRow(shape, strides, (o, [i, j]) => loop(y, o, shape.at(-1)!, a, i!, stepA, b, j!, stepB));
    return y;
  };

// A kernel runs to its end before the next one starts, so one array of each kind is enough.
const singles = [new Float32Array(1), new Float64Array(1), new Int32Array(1)] as const;
/** A number as one element of the other operand's kind, so that a loop always sees the same kinds of arrays. */
function asData(operand: Data | number, other: Data | number): Data {
  if (typeof operand !== "number") return operand;
  const single = other instanceof Float32Array ? singles[0] : other instanceof Float64Array ? singles[1] : singles[2];
  single[0] = operand;
  return single;
}

type UnaryKernel = (inputs: readonly [Data], attrs: object, call: Call<Data>) => Data;
const unary =
  (loop: (y: Data, x: Data) => void): UnaryKernel =>
  ([x], _, call) => {
    const y = call.allocate(call.output);
    loop(y, x);
    return y;
  };

const product = binary((y, o, n, a, i, stepA, b, j, stepB) => {
  for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! * b[j + c * stepB]!;
});
const wholeProduct = binary((y, o, n, a, i, stepA, b, j, stepB) => {
  for (let c = 0; c < n; c++) y[o + c] = Math.imul(a[i + c * stepA]!, b[j + c * stepB]!); // a product of doubles loses low bits
});

/** Kernels that treat each element alone. */
export const elementwiseKernels: Pick<
  KernelTable<Data>,
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
  | "where"
> = {
  add: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! + b[j + c * stepB]!;
  }),
  sub: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! - b[j + c * stepB]!;
  }),
  mul: (inputs, attrs, call) => (call.output.dtype === "i32" ? wholeProduct : product)(inputs, attrs, call),
  div: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! / b[j + c * stepB]!;
  }),
  maximum: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) {
      const p = a[i + c * stepA]!;
      const q = b[j + c * stepB]!;
      y[o + c] = p > q || p !== p ? p : q; // a NaN on either side wins
    }
  }),
  equal: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA] === b[j + c * stepB] ? 1 : 0;
  }),
  less: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! < b[j + c * stepB]! ? 1 : 0;
  }),
  lessOrEqual: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! <= b[j + c * stepB]! ? 1 : 0;
  }),
  both: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! & b[j + c * stepB]!;
  }),
  either: binary((y, o, n, a, i, stepA, b, j, stepB) => {
    for (let c = 0; c < n; c++) y[o + c] = a[i + c * stepA]! | b[j + c * stepB]!;
  }),
  not: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = 1 - x[i]!;
  }),
  exp: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]!);
  }),
  log: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.log(x[i]!);
  }),
  log1p: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.log1p(x[i]!);
  }),
  sqrt: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.sqrt(x[i]!);
  }),
  tanh: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]!);
  }),
  erf: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = erf(x[i]!);
  }),
  sin: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.sin(x[i]!);
  }),
  cos: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.cos(x[i]!);
  }),
  floor: unary((y, x) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.floor(x[i]!);
  }),
  where: ([mask, yes, no], _, call) => {
    const { shape } = call.output;
    const y = call.allocate(call.output);
    const a = typeof yes === "number" ? [yes] : yes;
    const b = typeof no === "number" ? [no] : no;
    const strides = [0, 1, 2].map((i) => stridesIn(shapeAt(call, i), shape));
    const n = shape.length === 0 ? 1 : shape[shape.length - 1]!;
    const [stepMask = 0, stepA = 0, stepB = 0] = strides.map((s) => s[shape.length - 1] ?? 0);
    eachRow(shape, strides, (o, [m, i, j]) => {
      for (let c = 0; c < n; c++) y[o + c] = mask[m! + c * stepMask]! !== 0 ? a[i! + c * stepA]! : b[j! + c * stepB]!;
    });
    return y;
  },
};
