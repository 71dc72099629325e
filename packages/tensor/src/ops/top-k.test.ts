import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { argMax, argMin, topK } from "./top-k.ts";

const on = cpu();

test("of equals the first comes first", async () => {
  const [values, indices] = topK(tensor([2, 5, 5, 1, 5, 2], [6], on), 5);
  expect(await values.read()).toEqual(Float32Array.of(5, 5, 5, 2, 2));
  expect(await indices.read()).toEqual(Int32Array.of(1, 2, 4, 0, 5));
});

test("NaN counts as largest, −∞ as smallest, and the two zeros as equal", async () => {
  const [values, indices] = topK(tensor([-Infinity, NaN, Infinity, NaN, -1], [5], on), 5);
  expect(await values.read()).toEqual(Float32Array.of(NaN, NaN, Infinity, -1, -Infinity));
  expect(await indices.read()).toEqual(Int32Array.of(1, 3, 2, 4, 0));
  expect(await topK(tensor([-0, 0, -0], [3], on), 3)[1].read()).toEqual(Int32Array.of(0, 1, 2));
});

test("argMax drops the axis, and gives the first of equals", async () => {
  const best = argMax(tensor([1, 3, 3, 9, 2, 9], [2, 3], on));
  expect({ dtype: best.dtype, shape: best.shape }).toEqual({ dtype: "i32", shape: [2] });
  expect(await best.read()).toEqual(Int32Array.of(1, 0));
  expect(argMax(tensor([4, 5], [2], on)).shape).toEqual([]);
});

test("argMax and argMin along any axis, the first of equals, the first NaN", async () => {
  const x = tensor([1, NaN, 3, 3, 1, NaN, 3, 0, NaN, NaN, 1, 2], [3, 2, 2], on);
  expect(await argMax(x, 0).read()).toEqual(Int32Array.of(2, 0, 0, 0).with(0, 2));
  const y = tensor([4, 1, 3, 1, 5, 2], [2, 3], on);
  expect(await argMax(y, 0).read()).toEqual(Int32Array.of(0, 1, 0));
  expect(await argMin(y, 0).read()).toEqual(Int32Array.of(1, 0, 1));
  expect(await argMin(y).read()).toEqual(Int32Array.of(1, 0));
  const three = tensor(new Float32Array(24), [2, 3, 4], on);
  expect([0, 1, 2, -2].map((axis) => argMax(three, axis).shape)).toEqual([
    [3, 4],
    [2, 4],
    [2, 3],
    [2, 4],
  ]);
  expect(await argMin(tensor([1, NaN, 0, NaN], [4], on)).read()).toEqual(Int32Array.of(1));
  expect(await argMin(tensor([2, 0, -0, 0], [4], on)).read()).toEqual(Int32Array.of(1));
});

test("whole numbers to the ends of their range", async () => {
  const x = tensor([0, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1], [4], on, "i32");
  const [values, indices] = topK(x, 3);
  expect(await values.read()).toEqual(Int32Array.of(2 ** 31 - 1, 2 ** 31 - 1, 0));
  expect(await indices.read()).toEqual(Int32Array.of(1, 3, 0));
  expect(await argMax(x).read()).toEqual(Int32Array.of(1));
  expect(await argMin(x).read()).toEqual(Int32Array.of(2));
});

test("50,000 elements agree with a full sort", async () => {
  const data = Float32Array.from({ length: 50000 }, (_, i) => (i * 7919) % 50021);
  for (const k of [1, 64, 65]) {
    const [values] = topK(tensor(data, [50000], on), k);
    expect(await values.read()).toEqual(data.toSorted().reverse().slice(0, k));
  }
});

test("a k that does not fit is refused", () => {
  const x = tensor([1, 2, 3], [3], on);
  expect(() => topK(x, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: topK: k = 0 of [3]; expected a whole number from 1 to the size of the last axis]`,
  );
  expect(() => topK(x, 4)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: topK: k = 4 of [3]; expected a whole number from 1 to the size of the last axis]`,
  );
  expect(() => topK(x, 1.5)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: topK: k = 1.5 of [3]; expected a whole number from 1 to the size of the last axis]`,
  );
  expect(() => topK(tensor([1], [], on), 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: topK: k = 1 of []; expected a whole number from 1 to the size of the last axis]`,
  );
  expect(() => argMax(tensor([], [2, 0], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: argMax: axis 1 of [2, 0] has no entries, so none of them comes first]`,
  );
  expect(() => argMin(tensor([], [0, 2], on), 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: argMin: axis 0 of [0, 2] has no entries, so none of them comes first]`,
  );
  expect(() => argMin(x, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: argMin: axis 1 of a tensor with 1 axes; expected -1 to 0]`,
  );
  expect(() => argMax(tensor([1], [], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: argMax: axis -1 of a scalar, which has no axes]`,
  );
  expect(() => argMin(tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: argMin: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
  expect(() => topK(tensor([1], [1], on, "bool"), 1)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: topK: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
});
