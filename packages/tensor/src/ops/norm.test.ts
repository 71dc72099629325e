import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { expectNumbers } from "../testing/op-case.ts";
import { layerNorm, rmsNorm } from "./norm.ts";

const on = cpu();
const x = tensor([1, 2, 3, 1001, 1002, 1003], [2, 3], on);
const ones = tensor([1, 1, 1], [3], on);

test("each row of layerNorm has mean 0 and variance 1, wherever it began", async () => {
  const deviation = Math.sqrt(2 / 3 + 1e-5);
  const row = [-1 / deviation, 0, 1 / deviation];
  for (const backend of [cpu(), cpu({ fused: false })]) {
    const data = tensor([1, 2, 3, 1001, 1002, 1003], [2, 3], backend);
    expectNumbers(await layerNorm(data, tensor([1, 1, 1], [3], backend), undefined).read(), [...row, ...row], 1e-5);
  }
});

test("a constant row gives the bias, and no division by zero", async () => {
  expect(await layerNorm(tensor([5, 5, 5], [3], on), ones, tensor([1, 2, 3], [3], on)).read()).toEqual(
    Float32Array.of(1, 2, 3),
  );
  expect(await rmsNorm(zeros([3], on), ones).read()).toEqual(new Float32Array(3));
});

test("each row of rmsNorm has mean square 1", async () => {
  const y = [...(await rmsNorm(x, ones).read())];
  for (const row of [y.slice(0, 3), y.slice(3)])
    expect(row.reduce((sum, value) => sum + value * value, 0) / 3).toBeCloseTo(1, 5);
});

test("what does not fit is refused", () => {
  expect(() => layerNorm(x, tensor([1, 1], [2], on), undefined)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: layerNorm: weight and bias must be [3], the last axis of x [2, 3]; got [2]]`,
  );
  expect(() => layerNorm(x, ones, tensor([1, 1, 1], [3, 1], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: layerNorm: weight and bias must be [3], the last axis of x [2, 3]; got [3, 1]]`,
  );
  expect(() => layerNorm(x, tensor([1, 1, 1], [3], on, "i32"), undefined)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: layerNorm: weight or bias must be f32, got i32; cast() it]`,
  );
  expect(() => rmsNorm(tensor([1], [], on), ones)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: rmsNorm: axis -1 of a scalar, which has no axes]`,
  );
  expect(() => rmsNorm(tensor([1], [1], on, "i32"), ones)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: rmsNorm: x must be f32, f16 or bf16, got i32; cast() it]`,
  );
});
