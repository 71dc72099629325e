import { cpu, differentiate, isTenonError, sum, tensor, Variable } from "@tenon/tensor";
import { expect, test } from "vitest";

import { activationOf, activations, type ActivationName } from "./activations.ts";

const names = Object.keys(activations) as ActivationName[];

test.each(names)("%s is finite far out and at 0, and so is its gradient", async (name) => {
  const on = cpu();
  const x = Variable.holding(tensor([-1000, 0, 100], [3], on));
  const { value, gradients } = differentiate([x], () => sum(activationOf(name)(x.value)));
  expect((await value.read()).every(Number.isFinite)).toBe(true);
  expect((await gradients[0]!.read()).every(Number.isFinite)).toBe(true);
});

test("ELU is smooth at 0", async () => {
  const x = Variable.holding(tensor([0], [1], cpu()));
  const { gradients } = differentiate([x], () => sum(activations.elu(x.value)));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(1));
});

test("a name that is none is refused with those that there are", () => {
  let error: unknown;
  try {
    activationOf("swish" as ActivationName);
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, "ConfigError")).toBe(true);
  expect((error as Error).message).toBe(
    'there is no activation "swish"; choose from relu, leaky-relu, relu-squared, gelu, gelu-tanh, quick-gelu, silu, mish, elu, selu, softplus, sigmoid, tanh, or pass a function of a tensor',
  );
  expect(() => activationOf("toString" as ActivationName)).toThrow("there is no activation");
});
