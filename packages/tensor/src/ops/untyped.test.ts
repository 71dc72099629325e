// What untyped JavaScript may pass: each is refused with an error that names the op and the thing, and none is taken for something else.
import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { ones, tensor, zeros } from "../create.ts";
import { isTenonError } from "../errors.ts";
import { random } from "../random.ts";
import { gelu } from "./activation.ts";
import { add, mul } from "./arithmetic.ts";
import { attention } from "./attention.ts";
import { cast } from "./cast.ts";
import { dropout } from "./dropout.ts";
import { linear } from "./linear.ts";
import { layerNorm, rmsNorm } from "./norm.ts";
import { sum } from "./reduce.ts";
import { uniform } from "./source.ts";

type Untyped = (...args: readonly unknown[]) => unknown;
const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);
const weight = ones([3], on);
const heads = ones([1, 1, 2, 2], on);
const call = (f: unknown, ...args: readonly unknown[]): unknown => (f as Untyped)(...args);
const attend = (attrs: object): unknown =>
  call(attention, [heads, heads, heads, undefined, undefined], {
    scale: 1,
    mask: [],
    queryOffset: 0,
    keyLength: 2,
    softCap: null,
    ...attrs,
  });

test.each<[string, () => unknown, kind: string, message: string]>([
  ["a string", () => call(add, x, "1"), "DTypeError", 'add: input 1 must be a tensor or a number, got "1"'],
  ["a list", () => call(mul, [1, 2], x), "DTypeError", "mul: input 0 must be a tensor or a number, got [1,2]"],
  ["null", () => call(add, null, x), "DTypeError", "add: input 0 must be a tensor or a number, got null"],
  [
    "a precision",
    () => call(cpu, { precision: "f16" }),
    "ConfigError",
    'cpu: precision must be "f32" or "f64", got f16',
  ],
  [
    "no key",
    () => call(dropout, x, 0.5),
    "ConfigError",
    "dropout: needs random(seed).key, two whole numbers, and a whole number as counter, got undefined and undefined",
  ],
  [
    "a counter with a fraction",
    () => call(uniform, [2], random(1).key, 0.5, on),
    "ConfigError",
    `uniform: needs random(seed).key, two whole numbers, and a whole number as counter, got ${String(random(1).key)} and 0.5`,
  ],
  ["nothing", () => call(add, x), "DTypeError", "add: an operand is undefined, and must be a tensor"],
  [
    "no weight",
    () => call(layerNorm, x, undefined, undefined),
    "DTypeError",
    "layerNorm: weight or bias is undefined, and must be a tensor",
  ],
  ["no weight of linear", () => call(linear, x), "DTypeError", "linear: the weight is undefined, and must be a tensor"],
  [
    "an epsilon that is no number",
    () => call(layerNorm, x, weight, undefined, NaN),
    "ConfigError",
    "layerNorm: epsilon must be a number from 0 up, got null",
  ],
  [
    "an epsilon in quotes",
    () => call(rmsNorm, x, weight, "1e-5"),
    "ConfigError",
    'rmsNorm: epsilon must be a number from 0 up, got "1e-5"',
  ],
  [
    "a form of GELU",
    () => call(gelu, x, "Tanh"),
    "ConfigError",
    'gelu: the form must be "exact" or "tanh", got "Tanh"',
  ],
  ["axes in quotes", () => call(sum, x, "0"), "ShapeError", 'sum: axes must be a number or a list of numbers, got "0"'],
  [
    "a mask of another kind",
    () => attend({ mask: [{ kind: "sliding" }] }),
    "ShapeError",
    'there is no mask of the kind "sliding"; choose from causal, window, lengths, interval, dense',
  ],
  ["no mask", () => attend({ mask: undefined }), "ShapeError", "the mask must be a list of terms, got undefined"],
  [
    "a scale that is no number",
    () => attend({ scale: NaN }),
    "ShapeError",
    "the scale must be a finite number, got NaN",
  ],
  [
    "a dtype of another library",
    () => call(tensor, [1], [1], on, "float32"),
    "DTypeError",
    'tensor: there is no dtype "float32"; choose from f32, f16, bf16, i32, u8, bool, q8, q4',
  ],
  ["a dtype to cast to", () => call(cast, x, "f64"), "DTypeError", 'cast: there is no dtype "f64"'],
  [
    "no backend",
    () => call(zeros, [2]),
    "BackendError",
    "tensor: nothing says where it shall live; pass a backend, such as cpu()",
  ],
])("%s is refused", (_, f, kind, message) => {
  const error: unknown = (() => {
    try {
      return f();
    } catch (thrown) {
      return thrown;
    }
  })();
  if (!isTenonError(error, kind)) throw new Error(`expected a ${kind}, got ${String(error)}`);
  expect(error.message).toContain(message);
});
