import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { cast } from "./cast.ts";
import { sum } from "./reduce.ts";

const on = cpu();

test("f32 to i32 drops the fraction", async () => {
  expect(await cast(tensor([1.9, -1.9, 0.5, -0.5], [4], on), "i32").read()).toEqual(Int32Array.of(1, -1, 0, 0));
});

test("anything but 0 is true, NaN too", async () => {
  expect(await cast(tensor([0, -0, 0.25, NaN, -Infinity], [5], on), "bool").read()).toEqual(
    Uint8Array.of(0, 0, 1, 1, 1),
  );
});

test("to its own dtype is an alias, through which gradients pass", async () => {
  const x = tensor([1, 2], [2], on);
  const y = cast(x, "f32");
  expect(y).not.toBe(x);
  y[Symbol.dispose]();
  const variable = Variable.holding(x);
  const { gradients } = differentiate([variable], () => sum(cast(variable.value, "f32")));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(1, 1));
});

test("there is no gradient through another dtype", () => {
  const x = Variable.holding(tensor([1, 2], [2], on));
  const { gradients } = differentiate([x], () => sum(cast(cast(x.value, "i32"), "f32")));
  expect(gradients).toEqual([undefined]);
});
