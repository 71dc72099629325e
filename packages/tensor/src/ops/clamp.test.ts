import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { clamp } from "./clamp.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const x = tensor([-Infinity, -2, 0.5, 7, Infinity, NaN], [6], on);

test("infinities are clamped and NaN stays", async () => {
  expect(await clamp(x, -1, 2).read()).toEqual(Float32Array.of(-1, -1, 0.5, 2, 2, NaN));
  expect(await clamp(x, -1, Infinity).read()).toEqual(Float32Array.of(-1, -1, 0.5, 7, Infinity, NaN));
  expect(await clamp(x, -Infinity, 2).read()).toEqual(Float32Array.of(-Infinity, -2, 0.5, 2, 2, NaN));
  expect(await clamp(x, 3, 3).read()).toEqual(Float32Array.of(3, 3, 3, 3, 3, NaN));
});

test("open on both sides it is an alias, not its argument", async () => {
  const y = clamp(x, -Infinity, Infinity);
  expect(y).not.toBe(x);
  y[Symbol.dispose]();
  expect((await x.read())[1]).toBe(-2);
});

test("whole numbers, up to the ends of their range", async () => {
  const [low, high] = [-(2 ** 31), 2 ** 31 - 1];
  const whole = tensor([low, -5, 5, high], [4], on, "i32");
  expect(await clamp(whole, -3, 3).read()).toEqual(Int32Array.of(-3, -3, 3, 3));
  expect(await clamp(whole, low, 0).read()).toEqual(Int32Array.of(low, -5, 0, 0));
  expect(await clamp(whole, 0, Infinity).read()).toEqual(Int32Array.of(0, 0, 5, high));
});

test("on a bound the gradient goes through", async () => {
  const x = Variable.holding(tensor([-2, -1, 0, 1, 2], [5], on));
  const { gradients } = differentiate([x], () => sum(clamp(x.value, -1, 1)));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(0, 1, 1, 1, 0));
});

test("what does not fit is refused", () => {
  expect(() => clamp(x, 2, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: clamp: low must be at most high, got 2 and 1]`,
  );
  expect(() => clamp(x, NaN, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: clamp: low must be at most high, got NaN and 1]`,
  );
  expect(() => clamp(tensor([1], [1], on, "i32"), 0.5, 2)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: clamp: the number 0.5 cannot be i32; cast() the tensor to f32 first]`,
  );
  expect(() => clamp(tensor([1], [1], on, "u8"), 0, 2)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: clamp: its input must be f32, f16, bf16 or i32, got u8; cast() it]`,
  );
});
