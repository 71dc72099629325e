import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { cumulativeSum } from "./cumulative-sum.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);

test("along either axis, from either end", async () => {
  expect(await cumulativeSum(x).read()).toEqual(Float32Array.of(1, 3, 6, 4, 9, 15));
  expect(await cumulativeSum(x, 0).read()).toEqual(Float32Array.of(1, 2, 3, 5, 7, 9));
  expect(await cumulativeSum(x, -1, { reverse: true }).read()).toEqual(Float32Array.of(6, 5, 3, 15, 11, 6));
  expect(await cumulativeSum(x, -2, { reverse: true }).read()).toEqual(Float32Array.of(5, 7, 9, 4, 5, 6));
});

test("NaN and infinities reach what comes after them", async () => {
  const odd = tensor([1, Infinity, 2, -Infinity, NaN], [5], on);
  expect(await cumulativeSum(odd).read()).toEqual(Float32Array.of(1, Infinity, Infinity, NaN, NaN));
  expect(await cumulativeSum(odd, 0, { reverse: true }).read()).toEqual(new Float32Array(5).fill(NaN));
});

test("the running value is a double: 70,000 tenths lose nothing on the way", async () => {
  const y = await cumulativeSum(tensor(new Float32Array(70000).fill(0.1), [70000], on)).read();
  expect(y.at(-1)).toBe(Math.fround(7000.000104308128));
});

test("whole numbers wrap around at 32 bits", async () => {
  const large = tensor([2 ** 31 - 1, 1, 2 ** 31 - 1, 3], [4], on, "i32");
  expect(await cumulativeSum(large).read()).toEqual(Int32Array.of(2 ** 31 - 1, -(2 ** 31), -1, 2));
});

test("what does not fit is refused", () => {
  expect(() => cumulativeSum(x, 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: cumulativeSum: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
  expect(() => cumulativeSum(tensor([1], [], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: cumulativeSum: axis -1 of a scalar, which has no axes]`,
  );
  expect(() => cumulativeSum(tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: cumulativeSum: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
});
