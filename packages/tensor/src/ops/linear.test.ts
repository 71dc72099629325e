import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { autodiff } from "../decorators/autodiff.ts";
import { scoped } from "../scope.ts";
import { none } from "../op.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import { floats, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { gelu, relu, sigmoid, silu, softplus, squaredRelu } from "./activation.ts";
import { mul } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { linearActivation, linearActivationOp } from "./linear-activation.ts";
import { linear, linearOp } from "./linear.ts";
import { tanh } from "./pointwise.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const x = tensor([1, 2, 3], [1, 3], on);
const weight = tensor([1, 0, 0, 0, 1, 1], [2, 3], on);

test("x Wᵀ + bias", async () => {
  expect(await linear(x, weight).read()).toEqual(Float32Array.of(1, 5));
  expect(await linear(x, weight, tensor([10, 20], [2], on)).read()).toEqual(Float32Array.of(11, 25));
});

test("what does not fit is refused", () => {
  expect(() => linear(tensor([1, 2], [1, 2], on), weight)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: x [1, 2] with weight [2, 3]: the weight is [out, in], and x ends with in]`,
  );
  expect(() => linear(x, tensor([1, 2, 3], [3], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: x [1, 3] with weight [3]: the weight is [out, in], and x ends with in]`,
  );
  expect(() => linear(x, weight, x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: the bias must be [2], got [1, 3]]`,
  );
  expect(() => linear(tensor([1], [], on), weight)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: x [] with weight [2, 3]: the weight is [out, in], and x ends with in]`,
  );
  expect(() => linear(x, tensor([1, 0, 0], [1, 3], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: linear: the weight must be f32, got i32; cast() it]`,
  );
  expect(() => linear(cast(x, "f16"), weight)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: linear: the weight must be f16, got f32; cast() it]`,
  );
  expect(() => linear(x, cast(weight, "bf16"), tensor([1, 0], [2], on, "f16"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: linear: the bias must be f32, got f16; cast() it]`,
  );
  // @ts-expect-error there is no such activation
  expect(() => linearActivation(x, weight, undefined, "swish")).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: linearActivation: there is no activation "swish"; choose from relu, gelu, geluTanh, silu, sigmoid, tanh, squaredRelu, softplus, or apply your own to what linear() gives]`,
  );
  expect(() => linearActivation(x, tensor([1, 2, 3], [3], on), undefined, "relu")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linearActivation: x [1, 3] with weight [3]: the weight is [out, in], and x ends with in]`,
  );
  expect(() => linear(x, weight, tensor([1, 0], [2], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: linear: the bias must be f32, got bool; cast() it]`,
  );
});

const dice = random(3);
const [plainX, plainWeight, plainBias] = [floats([2, 3, 4], dice), floats([5, 4], dice), floats([5], dice)];

test.each([
  ["relu", relu],
  ["gelu", gelu],
  ["geluTanh", (y: Tensor) => gelu(y, "tanh")],
  ["silu", silu],
  ["sigmoid", sigmoid],
  ["tanh", tanh],
  ["squaredRelu", squaredRelu],
  ["softplus", softplus],
] as const)("with %s it is the activation of the map, forward and backward", async (activation, f) => {
  const double = cpu({ precision: "f64" });
  const variables = [plainX, plainWeight, plainBias].map((each) => Variable.holding(place(each, double)));
  const upstream = place(floats([2, 3, 5], dice), double);
  const [fused, apart] = [
    (): Tensor => linearActivation(variables[0]!.value, variables[1]!.value, variables[2]!.value, activation),
    (): Tensor => f(linear(variables[0]!.value, variables[1]!.value, variables[2]!.value)),
  ].map((body) => ({ y: body(), ...differentiate(variables, () => sum(mul(body(), upstream))) }));
  expectNumbers(await fused!.y.read(), await apart!.y.read(), 1e-14);
  for (const [i, gradient] of fused!.gradients.entries())
    expectNumbers(await gradient!.read(), await apart!.gradients[i]!.read(), 1e-14);
});

test("with an activation the tape keeps what the two ops keep: x, weight, bias, and what the activation reads", () => {
  const kept = (activation: "relu" | "sigmoid" | undefined): number => {
    const tape = autodiff(on);
    const [a, b] = [tape.watch(place(plainX, on)), tape.watch(place(plainWeight, on))];
    const before = on.memory().bytes;
    const y = scoped(() => (activation === undefined ? linear(a, b) : linearActivation(a, b, undefined, activation)));
    y[Symbol.dispose]();
    const after = on.memory().bytes;
    tape.close();
    return after - before;
  };
  const one = 4 * 2 * 3 * 5; // a result
  expect(kept(undefined)).toBe(0);
  expect(kept("relu")).toBe(one); // its input
  expect(kept("sigmoid")).toBe(one); // its output
});

test.each(["f16", "bf16"] as const)(
  "a weight in %s with x in f32 is computed in f32, and its gradient is in its own dtype",
  async (dtype) => {
    const variables = [place(plainX, on), cast(place(plainWeight, on), dtype), cast(place(plainBias, on), dtype)].map(
      (each) => Variable.holding(each),
    );
    const exact = [plainX, plainWeight, plainBias].map((each) => Variable.holding(place(each, on))); // which both hold exactly
    const body =
      ([a, b, c]: readonly Variable[]) =>
      (): Tensor =>
        sum(mul(linearActivation(a!.value, b!.value, c!.value, "silu"), 1 / 64));
    const [small, wide] = [differentiate(variables, body(variables)), differentiate(exact, body(exact))];
    expect(small.value.dtype).toBe("f32");
    expect(await small.value.read()).toEqual(await wide.value.read());
    expect(small.gradients.map((gradient) => gradient!.dtype)).toEqual(["f32", dtype, dtype]);
    for (const [i, gradient] of small.gradients.entries()) {
      const expected = wide.gradients[i]!;
      expect(await gradient!.read()).toEqual(await (i === 0 ? expected : cast(expected, dtype)).read());
    }
  },
);

test.each(["f16", "bf16"] as const)("all in %s gives %s", async (dtype) => {
  const small = (each: Plain): Tensor => cast(place(each, on), dtype);
  const y = linearActivation(small(plainX), small(plainWeight), small(plainBias), "relu");
  expect(y.dtype).toBe(dtype);
  const expected = cast(
    linearActivation(place(plainX, on), place(plainWeight, on), place(plainBias, on), "relu"),
    dtype,
  );
  expect(await y.read()).toEqual(await expected.read());
});

test("operations are counted: a product and a sum for each weight, one for a bias, one for an activation", () => {
  const type = (...shape: number[]): TensorType => ({ dtype: "f32", shape });
  expect(linearOp.flops!([type(3, 4), type(5, 4), undefined], type(3, 5), none)).toBe(15 * 8);
  expect(linearOp.flops!([type(3, 4), type(5, 4), type(5)], type(3, 5), none)).toBe(15 * 9);
  expect(linearActivationOp.flops!([type(3, 4), type(5, 4), type(5)], type(3, 5), { activation: "relu" })).toBe(
    15 * 10,
  );
});
