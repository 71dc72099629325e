import { cpu, isTenonError, mul, sum, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { checkGradients } from "./check-gradients.ts";
import { Dropout } from "./dropout.ts";
import { ones } from "./initial/initial.ts";
import { Parameter } from "./parameter.ts";
import { Part } from "./part.ts";
import { valueAndGrad } from "./value-and-grad.ts";

class Two extends Part {
  readonly used: Parameter = new Parameter([2], ones);
  readonly unused: Parameter = new Parameter([2], ones);
}

test("gives the loss, and gradients of the parameters that it depends on", async () => {
  const on = cpu();
  const model = await new Two().to(on);
  const x = tensor([2, 3], [2], on);
  const { value, gradients } = valueAndGrad(model, () => sum(mul(model.used.value, x)));
  expect(await value.read()).toEqual(Float32Array.of(5));
  expect([...gradients.keys()]).toEqual([model.used]);
  expect(await gradients.get(model.used)!.read()).toEqual(Float32Array.of(2, 3));
});

test("says what is wrong with a loss", async () => {
  const on = cpu();
  const model = await new Two().to(on);
  const kindOf = (body: () => unknown): string | undefined => {
    try {
      body();
    } catch (error) {
      return isTenonError(error) ? error.name : undefined;
    }
    return undefined;
  };
  expect(kindOf(() => valueAndGrad(model, () => mul(model.used.value, 2)))).toBe("GradientError");
  expect(kindOf(() => valueAndGrad(model, () => tensor([1], [], on)))).toBe("GradientError");
  expect(kindOf(() => valueAndGrad(new Dropout(0.1), () => tensor([1], [], on)))).toBe("GradientError");
  expect(kindOf(() => valueAndGrad(new Two(), () => tensor([1], [], on)))).toBe("BackendError");
});

test("checkGradients finds a wrong gradient and a missing one, by path, and restores the values", async () => {
  const on = cpu({ precision: "f64" });
  const model = await new Two().to(on);
  await expect(checkGradients(model, () => sum(model.used.value))).rejects.toThrow(
    "unused: the loss does not depend on it",
  );
  let call = 0;
  const impure = (): Tensor => sum(mul(mul(model.used.value, model.unused.value), ++call));
  await expect(checkGradients(model, impure)).rejects.toThrow(
    "used, element 0: the gradient is 1, the central difference",
  );
  expect(await model.used.host()).toEqual(Float64Array.of(1, 1));
  expect(on.memory().tensors).toBe(2);
});
