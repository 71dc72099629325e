import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { mean, variance } from "./mean.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2], on);

test("mean over one axis, several, all, none, from either end, kept or not", async () => {
  expect(await mean(x, -1).read()).toEqual(Float32Array.of(1.5, 3.5, 5.5, 7.5, 9.5, 11.5));
  expect(await mean(x, [0, -1]).read()).toEqual(Float32Array.of(4.5, 6.5, 8.5));
  expect(await mean(x).read()).toEqual(Float32Array.of(6.5));
  expect(mean(x).shape).toEqual([]);
  expect(mean(x, 1, { keepDims: true }).shape).toEqual([2, 1, 2]);
  expect(await mean(x, []).read()).toEqual(await x.read());
  expect(mean(x, [], { keepDims: true }).shape).toEqual([2, 3, 2]);
  expect(await mean(tensor([4], [], on)).read()).toEqual(Float32Array.of(4));
});

test("mean over nothing is NaN, and nothing has no means", async () => {
  expect(await mean(tensor([], [0], on)).read()).toEqual(Float32Array.of(NaN));
  expect(await mean(tensor([], [2, 0], on), 1).read()).toEqual(Float32Array.of(NaN, NaN));
  expect(await mean(tensor([], [2, 0], on), 0).read()).toEqual(new Float32Array(0));
});

test.each(["f16", "bf16"] as const)("the sum behind a mean of %s may be more than it holds", async (dtype) => {
  const many = tensor(new Float32Array(6000).fill(96), [2, 3000], on, dtype);
  for (const axes of [1, [0, 1]]) {
    const y = mean(many, axes);
    expect(y.dtype).toBe(dtype);
    expect(new Set(await y.read())).toEqual(new Set([96]));
  }
  const cell = Variable.holding(many);
  const { gradients } = differentiate([cell], () => mean(cell.value));
  expect(gradients[0]!.dtype).toBe(dtype);
  expect((await gradients[0]!.read())[0]).toBeCloseTo(1 / 6000, 6);
});

test("variance over one axis, several, all, none, kept or not", async () => {
  expect(await variance(x, -1).read()).toEqual(new Float32Array(6).fill(0.25));
  expect(await variance(x, -1, { correction: 1 }).read()).toEqual(new Float32Array(6).fill(0.5));
  expect(await variance(x, [0, 2]).read()).toEqual(new Float32Array(3).fill(9.25));
  expect((await variance(x).read())[0]).toBeCloseTo(143 / 12, 5);
  expect(variance(x, 1, { keepDims: true }).shape).toEqual([2, 1, 2]);
  expect(await variance(x, []).read()).toEqual(new Float32Array(12));
});

test("variance of too few is NaN, and a large mean costs no digits", async () => {
  const one = tensor([7], [1], on);
  expect(await variance(one).read()).toEqual(Float32Array.of(0));
  expect(await variance(one, 0, { correction: 1 }).read()).toEqual(Float32Array.of(NaN));
  expect(await variance(one, 0, { correction: 2 }).read()).toEqual(Float32Array.of(NaN));
  expect(await variance(tensor([], [0], on)).read()).toEqual(Float32Array.of(NaN));
  expect(await variance(tensor([1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3], [4], on)).read()).toEqual(Float32Array.of(1.25));
});

test("squares of f16 may be more than it holds", async () => {
  const far = tensor([-200, 200, -200, 200, -200, 200], [6], on, "f16");
  expect(await variance(far).read()).toEqual(Float32Array.of(40000));
});

test("what does not fit is refused", () => {
  expect(() => mean(x, 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: mean: axis 3 of a tensor with 3 axes; expected -3 to 2]`,
  );
  expect(() => mean(x, [0, -1, 2])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: mean: axes [0, -1, 2] name axis 2 twice; name each once]`,
  );
  expect(() => mean(tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: mean: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => variance(x, [1, 1])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: variance: axes [1, 1] name axis 1 twice; name each once]`,
  );
  expect(() => variance(tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: variance: its input must be f32, f16 or bf16, got bool; cast() it]`,
  );
  expect(() => variance(x, 0, { correction: -1 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: variance: the correction must be a number from 0 up, got -1]`,
  );
  expect(() => variance(x, 0, { correction: NaN })).toThrow("got NaN");
});
