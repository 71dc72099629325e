import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { expectNumbers } from "../testing/op-case.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { sum } from "./reduce.ts";
import { logSoftmax, maskedSoftmax, softmax } from "./softmax.ts";

const backends = [cpu(), cpu({ fused: false })];

test.each(backends)("huge scores neither overflow nor vanish", async (on) => {
  const x = tensor([1e30, -1e30, 1e30, 88, 89, 3e38], [2, 3], on);
  expect(await softmax(x).read()).toEqual(Float32Array.of(0.5, 0, 0.5, 0, 0, 1));
  expectNumbers(await logSoftmax(x).read(), [-Math.LN2, -2e30, -Math.LN2, -3e38, -3e38, 0], 1e-6);
  expect(await softmax(tensor([-1000, -1000], [2], on)).read()).toEqual(Float32Array.of(0.5, 0.5));
});

test.each(backends)("infinities and NaN: −∞ is a weight of 0; NaN and +∞ spoil their own row only", async (on) => {
  const x = tensor([-Infinity, 0, 0, NaN, 0, 0, Infinity, 0, 0, 1, 1, 1], [4, 3], on);
  const third = Math.fround(1 / 3);
  const expected = Float32Array.of(0, 0.5, 0.5, NaN, NaN, NaN, NaN, NaN, NaN, third, third, third);
  expect(await softmax(x).read()).toEqual(expected);
  expect(await softmax(tensor([-Infinity, -Infinity], [2], on)).read()).toEqual(Float32Array.of(NaN, NaN)); // 0 / 0
});

test.each(backends)("where the mask allows nothing there are zeros, forward and backward", async (on) => {
  const x = Variable.holding(tensor([1, 2, 3, 4, NaN, Infinity], [2, 3], on));
  const mask = tensor([1, 0, 1, 0, 0, 0], [2, 3], on, "bool");
  const weight = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);
  const { gradients } = differentiate([x], () => sum(mul(maskedSoftmax(x.value, mask), weight)));
  const y = await maskedSoftmax(x.value, mask).read();
  const p = 1 / (1 + Math.exp(2));
  expectNumbers(y, [p, 0, 1 - p, 0, 0, 0], 1e-6);
  const slope = 2 * p * (1 - p);
  expectNumbers(await gradients[0]!.read(), [-slope, 0, slope, 0, 0, 0], 1e-6);
});

test.each(backends)("what is masked does not matter, whatever it is", async (on) => {
  const mask = tensor([1, 1, 0], [3], on, "bool");
  for (const hidden of [0, 1e38, -1e38, NaN, Infinity, -Infinity]) {
    expect(await maskedSoftmax(tensor([5, 5, hidden], [3], on), mask).read()).toEqual(Float32Array.of(0.5, 0.5, 0));
  }
});

test.each(backends)("a row in which everything allowed is −∞ is fully masked too: zeros", async (on) => {
  const x = tensor([-Infinity, -Infinity, 7, -Infinity, -Infinity, -Infinity, -Infinity, 2, 7], [3, 3], on);
  const mask = tensor([1, 1, 0, 1, 1, 1, 1, 1, 0], [3, 3], on, "bool");
  expect(await maskedSoftmax(x, mask).read()).toEqual(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 1, 0));
  const scores = Variable.holding(x);
  const { gradients } = differentiate([scores], () => sum(maskedSoftmax(scores.value, mask)));
  expect(await gradients[0]!.read()).toEqual(new Float32Array(9));
});

test("NaN that is allowed spoils its row", async () => {
  for (const on of backends) {
    const y = await maskedSoftmax(tensor([NaN, 1, 1, 1], [2, 2], on), tensor([1, 1], [2], on, "bool")).read();
    expect(y).toEqual(Float32Array.of(NaN, NaN, 0.5, 0.5));
  }
});

test("negative axes count from the end", async () => {
  const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());
  expect(await softmax(x, -2).read()).toEqual(await softmax(x, 0).read());
  expect(await logSoftmax(x, -1).read()).toEqual(await logSoftmax(x, 1).read());
});

test("what does not fit is refused", () => {
  const on = cpu();
  const x = tensor([1, 2, 3], [3], on);
  expect(() => softmax(x, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: softmax: axis 1 of a tensor with 1 axes; expected -1 to 0]`,
  );
  expect(() => softmax(tensor([1], [], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: softmax: axis -1 of a scalar, which has no axes]`,
  );
  expect(() => logSoftmax(tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: logSoftmax: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => maskedSoftmax(x, x)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: maskedSoftmax: the mask must be bool, got f32; cast() it]`,
  );
  expect(() => maskedSoftmax(x, tensor([1, 1, 1], [1, 3], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: maskedSoftmax: a mask [1, 3] is larger than x [3]]`,
  );
  expect(() => maskedSoftmax(tensor([1], [], on), tensor([1], [], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: maskedSoftmax: axis -1 of a scalar, which has no axes]`,
  );
});
