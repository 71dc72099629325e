import { expect, test } from "vitest";

import { bytesPerElement, isFloat, isHalf, isQuantized, type DType } from "./dtype.ts";
import { bytesOf } from "./shape.ts";

const all: readonly DType[] = ["f32", "f16", "bf16", "i32", "u8", "bool", "q8", "q4"];

test("which dtypes are floats, halves and quantised levels", () => {
  expect(all.filter(isFloat)).toEqual(["f32", "f16", "bf16"]);
  expect(all.filter(isHalf)).toEqual(["f16", "bf16"]);
  expect(all.filter(isQuantized)).toEqual(["q8", "q4"]);
});

test("what an element and a tensor take", () => {
  expect(all.map(bytesPerElement)).toEqual([4, 2, 2, 4, 1, 1, 1, 0.5]);
  expect(all.map((dtype) => bytesOf({ dtype, shape: [3, 4] }))).toEqual([48, 24, 24, 48, 12, 12, 12, 6]);
});
