import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import type { DType } from "../dtype.ts";
import { plainHalfBits, plainHalfValue } from "../testing/plain-half.ts";
import { cast } from "./cast.ts";

type Stored = "f32" | "f16" | "bf16" | "i32" | "u8" | "bool";
const dtypes: readonly Stored[] = ["f32", "f16", "bf16", "i32", "u8", "bool"];
const halves = (dtype: "f16" | "bf16"): number[] =>
  Array.from({ length: 0x10000 / 7 }, (_, i) => plainHalfValue(7 * i, dtype)).filter((x) => !Number.isNaN(x));
const floats = [
  0, -0, 0.4, -0.6, 0.5, 1, 1.5, -1.9, 2.5, 127.6, 254.9, 255, 255.5, 256, 2049, 65504, 65519, 65520, 1e-8, -1e-7,
]
  .concat([3e9, -3e9, 2 ** 31, -(2 ** 31), 2 ** 31 - 128, 1e38, -3.4e38, Infinity, -Infinity, NaN])
  .concat(Array.from({ length: 200 }, (_, i) => (i - 100) * 1.37 ** (i % 40)))
  .map(Math.fround);
const values: { readonly [D in Stored]: readonly number[] } = {
  f32: floats,
  f16: [...halves("f16"), NaN],
  bf16: [...halves("bf16"), NaN],
  i32: [
    0,
    1,
    -1,
    255,
    256,
    -255,
    2047,
    2049,
    65520,
    2 ** 24 + 1,
    -(2 ** 24) - 3,
    2 ** 31 - 1,
    -(2 ** 31),
    2 ** 24 + 2 ** 16 + 1,
  ],
  u8: Array.from({ length: 256 }, (_, i) => i),
  bool: [0, 1],
};

/** What a cast means, one number at a time. */
function plainCast(x: number, to: Stored): number {
  const whole = (low: number, high: number): number =>
    Number.isNaN(x) ? 0 : Math.min(high, Math.max(low, x < 0 ? Math.ceil(x) : Math.floor(x))) + 0;
  switch (to) {
    case "bool":
      return x === 0 ? 0 : 1;
    case "u8":
      return whole(0, 255);
    case "i32":
      return whole(-2147483648, 2147483647);
    case "f32":
      return Math.fround(x);
    default:
      return Number.isNaN(x) ? NaN : plainHalfValue(plainHalfBits(Math.fround(x), to), to);
  }
}

describe.each(dtypes)("%s", (from) => {
  test.each(dtypes)("to %s", async (to) => {
    const numbers = values[from];
    const expected = numbers.map((x) => plainCast(x, to));
    for (const precision of ["f32", "f64"] as const) {
      const exact = precision === "f64" && to === "f32"; // where f32 is kept in double precision, nothing is rounded
      const y = cast(tensor(numbers, [numbers.length], cpu({ precision }), from), to);
      expect(y.dtype).toBe(to);
      const found = await y.read();
      const wrong = numbers.filter((x, i) => !Object.is(found[i], exact ? x : expected[i]));
      expect(wrong).toEqual([]);
    }
  });
});

test("a double is rounded to a half once, also by cast", async () => {
  const x = 1 + 2 ** -11 + 2 ** -40;
  const [double, single] = [cpu({ precision: "f64" }), cpu()];
  expect(await cast(tensor([x], [1], double), "f16").read()).toEqual(Float32Array.of(1 + 2 ** -10));
  expect(await cast(tensor([x], [1], single), "f16").read()).toEqual(Float32Array.of(1)); // its f32 was rounded before
});

test("levels cannot be made by cast, nor be cast", () => {
  const x = tensor([1, 2], [2], cpu());
  for (const dtype of ["q8", "q4"] as const satisfies DType[]) {
    expect(() => cast(x, dtype)).toThrow(
      `cast: ${dtype} needs a scale for each group of elements; quantize() the values on the host`,
    );
    expect(() => cast(tensor([1, 2], [2], cpu(), dtype), "f32")).toThrow(`cast: input 0 is ${dtype}`);
  }
});
