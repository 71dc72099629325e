import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { abs } from "./abs.ts";
import { sum } from "./reduce.ts";

const on = cpu();

test("neither zero keeps a sign, and NaN and infinities go through", async () => {
  const x = tensor([-0, 0, -Infinity, Infinity, NaN, -1e30], [6], on);
  expect(await abs(x).read()).toEqual(Float32Array.of(0, 0, Infinity, Infinity, NaN, 1e30));
});

test("the smallest i32 has no opposite, and stays", async () => {
  expect(await abs(tensor([-(2 ** 31), -7, 7], [3], on, "i32")).read()).toEqual(Int32Array.of(-(2 ** 31), 7, 7));
});

test("the gradient at 0 is 0", async () => {
  const x = Variable.holding(tensor([-2, -0, 0, 2], [4], on));
  const { gradients } = differentiate([x], () => sum(abs(x.value)));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(-1, 0, 0, 1));
});

test("bytes and truth values are refused", () => {
  expect(() => abs(tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: abs: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
  expect(() => abs(tensor([1], [1], on, "u8"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: abs: its input must be f32, f16, bf16 or i32, got u8; cast() it]`,
  );
});
