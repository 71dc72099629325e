import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { argMax, topK } from "./top-k.ts";

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

test("50,000 elements agree with a full sort", async () => {
  const data = Float32Array.from({ length: 50000 }, (_, i) => (i * 7919) % 50021);
  const [values] = topK(tensor(data, [50000], on), 40);
  expect(await values.read()).toEqual(data.toSorted().reverse().slice(0, 40));
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
    `[ShapeError: topK: k = 1 of [2, 0]; expected a whole number from 1 to the size of the last axis]`,
  );
  expect(() => topK(tensor([1], [1], on, "bool"), 1)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: topK: its input must be f32, f16 or bf16, got bool; cast() it]`,
  );
});
