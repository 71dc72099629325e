import { add, concat, cumulativeSum, mul, permute, reshape, sub, tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { opened, take, type Place } from "./place.ts";

// Numbers that fewer bits than an f32 has cannot hold. All are normal: graphics devices may take smaller ones for 0.
const exact = Float32Array.of(
  1 / 3,
  -1 / 3,
  16_777_213,
  -16_777_215,
  1 + 2 ** -23,
  0.1,
  Math.PI * 1e30,
  2 ** -126,
  3.402_823_466_385_288_6e38,
  -1.175_494_5e-38,
  0,
  123_456.79,
);
const rounded = (f: (x: number) => number): Float32Array => exact.map((x) => f(x));

/** gpu.js keeps numbers in 8 or 16 bits where the device has no more, or where it is not told. */
export function testFloatPrecision(place: Place): void {
  describe("numbers keep all bits of an f32", () => {
    const on = opened(place);
    test("through an upload and a read", async () => {
      expect(await take(tensor(exact, [exact.length], on()))).toEqual(exact);
    });
    test("through kernels that move them", async () => {
      const [n] = [exact.length];
      using x = tensor(exact, [n], on());
      using turned = permute(reshape(x, [3, n / 3]), [1, 0]);
      expect(await take(reshape(permute(turned, [1, 0]), [n]))).toEqual(exact);
      const pair = await take(concat([x, x], 0));
      expect(pair).toEqual(Float32Array.of(...exact, ...exact));
    });
    test("through sums and products, which are those of f32 to the last bit", async () => {
      using x = tensor(exact, [exact.length], on());
      expect(await take(mul(x, 1))).toEqual(exact);
      expect(await take(add(x, 0))).toEqual(exact);
      using third = tensor([1 / 3], [1], on());
      const t = Math.fround(1 / 3);
      expect(await take(add(x, third))).toEqual(rounded((v) => v + t));
      expect(await take(sub(x, third))).toEqual(rounded((v) => v - t));
      using small = tensor(
        rounded((v) => (Math.abs(v) < 1e-30 ? 0.7 : v)),
        [exact.length],
        on(),
      ); // no result below 2⁻¹²⁶
      expect(await take(mul(small, third))).toEqual(
        Float32Array.from(exact, (v) => (Math.abs(v) < 1e-30 ? Math.fround(0.7) : v) * t),
      );
    });
    test("as numbers given to a kernel, too", async () => {
      using zero = tensor([0], [1], on());
      for (const value of exact) expect(await take(add(zero, value))).toEqual(Float32Array.of(value));
    });
    test("in running sums", async () => {
      using x = tensor([16_777_213, 1, 1], [3], on());
      expect(await take(cumulativeSum(x))).toEqual(Float32Array.of(16_777_213, 16_777_214, 16_777_215));
    });
  });
}
