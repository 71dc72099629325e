import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { linear } from "./linear.ts";

const on = cpu();
const x = tensor([1, 2, 3], [1, 3], on);
const weight = tensor([1, 0, 0, 0, 1, 1], [2, 3], on);

test("x Wᵀ + bias", async () => {
  expect(await linear(x, weight).read()).toEqual(Float32Array.of(1, 5));
  expect(await linear(x, weight, tensor([10, 20], [2], on)).read()).toEqual(Float32Array.of(11, 25));
});

test("what does not fit is refused", () => {
  expect(() => linear(tensor([1, 2], [1, 2], on), weight)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: x [1, 2] with weight [2, 3]: the weight is [out, in], and x ends with in]`,
  );
  expect(() => linear(x, tensor([1, 2, 3], [3], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: x [1, 3] with weight [3]: the weight is [out, in], and x ends with in]`,
  );
  expect(() => linear(x, weight, x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: the bias must be [2], got [1, 3]]`,
  );
  expect(() => linear(tensor([1], [], on), weight)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: linear: x [] with weight [2, 3]: the weight is [out, in], and x ends with in]`,
  );
  expect(() => linear(x, tensor([1, 0, 0], [1, 3], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: linear: the weight must be f32, got i32; cast() it]`,
  );
  expect(() => linear(x, weight, tensor([1, 0], [2], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: linear: the bias must be f32, got bool; cast() it]`,
  );
});
