import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { sum } from "./reduce.ts";
import { stopGradient } from "./stop-gradient.ts";

test("the value passes, the gradient does not", async () => {
  const x = Variable.holding(tensor([3, 4], [2], cpu()));
  const { value, gradients } = differentiate([x], () => sum(mul(x.value, stopGradient(x.value))));
  expect(await value.read()).toEqual(Float32Array.of(25));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(3, 4));
});
