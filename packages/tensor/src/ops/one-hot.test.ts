import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { oneHot } from "./one-hot.ts";

const on = cpu();
const targets = tensor([2, 0, 1, 2], [2, 2], on, "i32");

test("a row for each id, of any dtype", async () => {
  const y = oneHot(targets, 3);
  expect({ dtype: y.dtype, shape: y.shape }).toEqual({ dtype: "f32", shape: [2, 2, 3] });
  expect(await y.read()).toEqual(Float32Array.of(0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1));
  for (const dtype of ["f16", "bf16", "i32", "u8", "bool"] as const) {
    const typed = oneHot(targets, 3, dtype);
    expect(typed.dtype).toBe(dtype);
    expect([...(await typed.read())]).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1]);
  }
});

test("ids out of range give rows of 0; no ids and no classes give nothing", async () => {
  expect(await oneHot(tensor([-1, 2, 1], [3], on, "i32"), 2).read()).toEqual(Float32Array.of(0, 0, 0, 0, 0, 1));
  expect(oneHot(tensor([], [0], on, "i32"), 2).shape).toEqual([0, 2]);
  expect(oneHot(targets, 0).shape).toEqual([2, 2, 0]);
  expect(await oneHot(tensor([1], [], on, "i32"), 2).read()).toEqual(Float32Array.of(0, 1));
});

test("what does not fit is refused", () => {
  expect(() => oneHot(tensor([1], [1], on), 2)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: oneHot: ids must be i32, got f32; cast() it]`,
  );
  expect(() => oneHot(targets, 2.5)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [2.5]]`,
  );
  expect(() => oneHot(targets, 3, "q8")).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: cast: q8 needs a scale for each group of elements; quantize() the values on the host]`,
  );
});
