import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { max, min } from "./max.ts";

const on = cpu();

test("max: NaN wins wherever it stands; −∞ over nothing", async () => {
  const rows = tensor([1, NaN, 3, NaN, 2, 1, -Infinity, -Infinity, -Infinity, 1, 2, Infinity], [4, 3], on);
  expect(await max(rows, 1).read()).toEqual(Float32Array.of(NaN, NaN, -Infinity, Infinity));
  expect(await max(rows, 0).read()).toEqual(Float32Array.of(NaN, NaN, Infinity));
  expect(await max(tensor([], [2, 0], on), 1).read()).toEqual(Float32Array.of(-Infinity, -Infinity));
  expect(await max(rows).read()).toEqual(Float32Array.of(NaN));
});

test("max: elements that tie share the gradient", async () => {
  const x = Variable.holding(tensor([3, 1, 3, 2], [4], on));
  const { gradients } = differentiate([x], () => max(x.value));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(0.5, 0, 0.5, 0));
});

test("min: NaN wins wherever it stands; ∞ over nothing", async () => {
  const rows = tensor([1, NaN, 3, NaN, 2, 1, Infinity, Infinity, Infinity, 1, 2, -Infinity], [4, 3], on);
  expect(await min(rows, 1).read()).toEqual(Float32Array.of(NaN, NaN, Infinity, -Infinity));
  expect(await min(rows, 0).read()).toEqual(Float32Array.of(NaN, NaN, -Infinity));
  expect(await min(tensor([], [2, 0], on), 1).read()).toEqual(Float32Array.of(Infinity, Infinity));
  expect(await min(rows).read()).toEqual(Float32Array.of(NaN));
  expect(min(rows, 0, { keepDims: true }).shape).toEqual([1, 3]);
});

test("whole numbers to the ends of their range, which is what nothing gives", async () => {
  const [low, high] = [-(2 ** 31), 2 ** 31 - 1];
  const x = tensor([low, 3, high, -3], [2, 2], on, "i32");
  expect(await max(x, 0).read()).toEqual(Int32Array.of(high, 3));
  expect(await min(x, 0).read()).toEqual(Int32Array.of(low, -3));
  expect(await max(x, 1).read()).toEqual(Int32Array.of(3, high));
  expect(await min(x, 1).read()).toEqual(Int32Array.of(low, -3));
  for (const shape of [
    [0, 3],
    [0, 1],
  ]) {
    expect(new Set(await max(tensor([], shape, on, "i32"), 0).read())).toEqual(new Set([low]));
    expect(new Set(await min(tensor([], shape, on, "i32"), 0).read())).toEqual(new Set([high]));
  }
});

test("min: elements that tie share the gradient", async () => {
  const x = Variable.holding(tensor([1, 3, 1, 2], [4], on));
  const { gradients } = differentiate([x], () => min(x.value));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(0.5, 0, 0.5, 0));
});

test("max: more may tie than an f16 can count", async () => {
  const x = Variable.holding(tensor(new Float32Array(70000).fill(1), [70000], on, "f16"));
  const { gradients } = differentiate([x], () => max(x.value));
  expect((await gradients[0]!.read())[0]).toBeCloseTo(1 / 70000, 6);
  expect((await gradients[0]!.read())[0]).toBeGreaterThan(0);
});

test("what does not fit is refused", () => {
  expect(() => max(tensor([1], [1], on), 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: max: axis 1 of a tensor with 1 axes; expected -1 to 0]`,
  );
  expect(() => max(tensor([1], [1], on), [0, 0])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: max: axes [0, 0] name axis 0 twice; name each once]`,
  );
  expect(() => min(tensor([1], [1], on), 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: min: axis 1 of a tensor with 1 axes; expected -1 to 0]`,
  );
  expect(() => min(tensor([1], [1], on, "u8"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: min: its input must be f32, f16, bf16 or i32, got u8; cast() it]`,
  );
});
