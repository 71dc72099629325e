import { cpu, isTenonError, profile, random, relu, sum, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { checkGradients } from "./check-gradients.ts";
import { freeze, unfreeze } from "./freeze.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { recompute } from "./recompute.ts";
import { valueAndGrad } from "./value-and-grad.ts";

const make = (name: string): Linear => new Linear({ input: 3, output: 3, random: random(1).fork(name) });
class Model extends Module<[x: Tensor], Tensor> {
  readonly first: Linear = make("first");
  readonly second: Linear = make("second");
  readonly norm: LayerNorm = new LayerNorm(3);
  protected override compute(x: Tensor): Tensor {
    return this.norm.forward(this.second.forward(relu(this.first.forward(x))));
  }
}
const x = [1, -2, 3, 0.5, 2, 1];
const lossOf = (model: Model, input: Tensor) => (): Tensor => sum(relu(model.forward(input)));
const errorOf = (body: () => unknown, kind: "ConfigError" | "GradientError"): string => {
  try {
    body();
  } catch (error) {
    if (isTenonError(error, kind)) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("frozen parameters get no gradient; the others' and the loss are the same as before", async () => {
  const on = cpu();
  const model = await new Model().to(on);
  const input = tensor(x, [2, 3], on);
  const before = valueAndGrad(model, lossOf(model, input));
  expect(freeze(model, "*.weight")).toEqual(["first.weight", "second.weight", "norm.weight"]);
  const after = valueAndGrad(model, lossOf(model, input));
  expect([...after.gradients.keys()]).toEqual([model.first.bias, model.second.bias, model.norm.bias]);
  expect(await after.value.read()).toEqual(await before.value.read());
  for (const [parameter, gradient] of after.gradients)
    expect(await gradient.read()).toEqual(await before.gradients.get(parameter)!.read());
  expect(unfreeze(model.first)).toEqual(["weight", "bias"]);
  expect(valueAndGrad(model, lossOf(model, input)).gradients.has(model.first.weight)).toBe(true);
});

test("nothing is computed that only a frozen parameter's gradient needs", async () => {
  const on = profile(cpu({ fused: false }));
  const model = await new Model().to(on);
  const input = tensor(x, [2, 3], on);
  const products = async (): Promise<number> => {
    on.reset();
    valueAndGrad(model, lossOf(model, input));
    return (await on.report()).find(({ op }) => op === "matmul")!.calls;
  };
  // Two in the forward pass; then one for each weight's gradient, and one for what passes from the second layer to the first.
  expect(await products()).toBe(5);
  freeze(model.second);
  expect(await products()).toBe(4);
  freeze(model.first);
  expect(await products()).toBe(2);
  unfreeze(model.second);
  expect(await products()).toBe(3);
});

test("a frozen segment can be recomputed", async () => {
  const on = cpu();
  const model = await new Model().to(on);
  const input = tensor(x, [2, 3], on);
  freeze(model.second);
  const loss = (): Tensor => sum(recompute([model.first.forward(input)], (h) => model.second.forward(h)));
  const { gradients } = valueAndGrad(model, loss);
  expect([...gradients.keys()]).toEqual([model.first.weight, model.first.bias]);
});

test("checkGradients looks at the others alone", async () => {
  const on = cpu({ precision: "f64" });
  const model = await new Model().to(on);
  const input = tensor(x, [2, 3], on);
  const loss = (): Tensor => sum(relu(model.first.forward(input)));
  await expect(checkGradients(model, loss)).rejects.toThrow("second.weight: the loss does not depend on it");
  freeze(model.second);
  freeze(model.norm);
  await expect(checkGradients(model, loss)).resolves.toBeUndefined();
});

test("listing and placing do not change", async () => {
  const model = new Model();
  const paths = [...model.parameters().keys()];
  expect(freeze(model)).toEqual(paths);
  expect([...model.parameters().keys()]).toEqual(paths);
  const on = cpu();
  await model.to(on);
  expect(on.memory().tensors).toBe(paths.length);
});

test("what cannot be is refused", async () => {
  const model = await new Model().to(cpu());
  expect(errorOf(() => freeze(model, "frist.**"), "ConfigError")).toBe(
    'freeze: no parameter of the part fits "frist.**". They are: first.weight, first.bias, second.weight, second.bias, norm.weight, norm.bias.',
  );
  expect(errorOf(() => unfreeze(model, "x"), "ConfigError")).toContain('unfreeze: no parameter of the part fits "x"');
  freeze(model);
  expect(errorOf(() => valueAndGrad(model, () => sum(model.first.weight.value)), "GradientError")).toBe(
    "all parameters of the model are frozen; unfreeze() those that are to be trained",
  );
  unfreeze(model.norm);
  expect(errorOf(() => valueAndGrad(model, () => sum(model.first.weight.value)), "GradientError")).toContain(
    "the loss does not depend on any of the variables",
  );
});
