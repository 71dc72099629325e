import { describe, expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { dequantize } from "./ops/dequantize.ts";
import { quantize, type Quantized } from "./quantize.ts";
import { random } from "./random.ts";

const on = cpu();
async function restored({ levels, scales }: Quantized): Promise<Float32Array> {
  const made = dequantize(on.upload(levels.data, levels.type), on.upload(scales.data, scales.type));
  return (await made.read()) as Float32Array;
}
const normal = (n: number, seed = 1): Float32Array => {
  const dice = random(seed);
  return Float32Array.from({ length: n }, () => dice.normal());
};

test("8 bits: the element farthest from 0 is ±127, the others are the nearest levels", () => {
  const { levels, scales } = quantize(Float32Array.of(1, -2, 0.5, 0.1, -127, 0.4, 0.6, -3), [2, 4], {
    bits: 8,
    group: 4,
  });
  expect(levels.type).toEqual({ dtype: "q8", shape: [2, 4] });
  expect(scales).toEqual({ type: { dtype: "f32", shape: [2, 1] }, data: Float32Array.of(2 / 127, 1) });
  expect(levels.data).toEqual(Int8Array.of(64, -127, 32, 6, -127, 0, 1, -3));
});

test("4 bits: the element farthest from 0 is −8 whatever its sign, and 7 is the largest level, two to a byte", () => {
  const { levels, scales } = quantize(Float32Array.of(8, -8, 1, 0, -4, 4, -0.5, 0.2), [2, 4], { bits: 4, group: 4 });
  expect(levels.type).toEqual({ dtype: "q4", shape: [2, 4] });
  expect(scales.data).toEqual(Float32Array.of(-1, 0.5));
  const pairs = [
    [-8, 7],
    [-1, 0],
    [-8, 7],
    [-1, 0],
  ];
  expect(levels.data).toEqual(Uint8Array.from(pairs.map(([even, odd]) => even! + 8 + 16 * (odd! + 8))));
});

describe.each([8, 4] as const)("%s bits", (bits) => {
  test("no element is farther from its level than half a scale, but for the one end that 4 bits lack", async () => {
    for (const group of [1, 2, 8, 32, 64]) {
      const values = normal(64 * 32, group);
      const made = quantize(values, [32, 64], { bits, group });
      const found = await restored(made);
      values.forEach((x, i) => {
        const scale = Math.abs(made.scales.data[Math.floor(i / group)]!);
        expect(Math.abs(found[i]! - x)).toBeLessThanOrEqual(scale * (bits === 8 ? 0.5 : 1) * (1 + 1e-5));
      });
    }
  });
  test("of a group of 32 normally distributed weights it leaves the error that is documented", async () => {
    const values = normal(1 << 16);
    const found = await restored(quantize(values, [256, 256], { bits }));
    const power = values.reduce((sum, x) => sum + x * x, 0);
    const error = Math.sqrt(values.reduce((sum, x, i) => sum + (x - found[i]!) ** 2, 0) / power);
    expect(error).toBeCloseTo(bits === 8 ? 0.00534 : 0.0859, bits === 8 ? 4 : 3);
  });
  test("what it restores, it quantises to itself", async () => {
    const once = await restored(quantize(normal(512), [8, 64], { bits }));
    const twice = await restored(quantize(once, [8, 64], { bits }));
    twice.forEach((x, i) => expect(Math.abs(x - once[i]!)).toBeLessThanOrEqual(1e-6 * Math.abs(once[i]!)));
  });
  test("a group of zeros, or of numbers too small for f32, has the scale 0 and level 0", async () => {
    const made = quantize(Float64Array.of(0, -0, 1e-60, -1e-60, 1, 1), [1, 6], { bits, group: 2 });
    expect([...made.scales.data.slice(0, 2)].map(Math.abs)).toEqual([0, 0]);
    expect(await restored(made)).toEqual(Float32Array.of(0, 0, 0, 0, 1, 1).map((x, i) => (i < 4 ? x : Math.fround(x))));
    expect([...(await restored(made))].some((x) => Object.is(x, -0))).toBe(false);
  });
  test("doubles are rounded to the scale that f32 holds", async () => {
    const values = Float64Array.from(normal(256), (x) => x + 1e-9);
    const made = quantize(values, [4, 64], { bits, group: 64 });
    const found = await restored(made);
    for (let i = 0; i < values.length; i++)
      expect(Math.abs(found[i]! - values[i]!)).toBeLessThanOrEqual(
        Math.abs(made.scales.data[Math.floor(i / 64)]!) * 1.001,
      );
  });
  test("an empty weight has no levels", () => {
    expect(quantize(new Float32Array(0), [0, 32], { bits }).levels.data.length).toBe(0);
    expect(quantize(new Float32Array(0), [3, 0], { bits }).scales).toEqual({
      type: { dtype: "f32", shape: [3, 0] },
      data: new Float32Array(0),
    });
  });
});

test("bad input is refused, by the element where there is one", () => {
  const values = new Float32Array(64);
  const code = (...[data, shape, options]: Parameters<typeof quantize>): string => {
    try {
      quantize(data, shape, options);
    } catch (error) {
      return String(error);
    }
    return "no error";
  };
  const not = (x: number, at: number): Float64Array => Float64Array.from(values).with(at, x);
  expect([
    code(not(NaN, 3), [2, 32], { bits: 8 }),
    code(not(-Infinity, 40), [2, 32], { bits: 4 }),
    code(not(1e39, 63), [2, 32], { bits: 4 }),
    code(values, [2, 32], { bits: 8, group: 24 }),
    code(values, [2, 32], { bits: 8, group: 0 }),
    code(values, [2, 32], { bits: 8, group: 1.5 }),
    code(values.slice(1), [7, 9], { bits: 4, group: 3 }),
    code(values, [64], { bits: 8 }),
    code(values, [2, 31], { bits: 8 }),
    code(values, [-2, 32], { bits: 8 }),
    code(values, [2, 32], { bits: 5 as 4 }),
  ]).toMatchInlineSnapshot(`
    [
      "ConfigError: quantize: element 3 is NaN; only numbers that f32 holds can be quantised. Is the weight damaged?",
      "ConfigError: quantize: element 40 is -Infinity; only numbers that f32 holds can be quantised. Is the weight damaged?",
      "ConfigError: quantize: element 63 is 1e+39; only numbers that f32 holds can be quantised. Is the weight damaged?",
      "ShapeError: quantize: a group of 24 does not divide rows of 32; choose a whole number from 1 up that does",
      "ShapeError: quantize: a group of 0 does not divide rows of 32; choose a whole number from 1 up that does",
      "ShapeError: quantize: a group of 1.5 does not divide rows of 32; choose a whole number from 1 up that does",
      "ShapeError: quantize: 4 bits are packed in pairs, so rows must be even, got [7, 9]",
      "ShapeError: quantize: a weight is [out, in]; got 64 values for [64]",
      "ShapeError: quantize: a weight is [out, in]; got 64 values for [2, 31]",
      "ShapeError: a shape has whole sizes from 0 up, got [-2, 32]",
      "ConfigError: quantize: bits must be 8 or 4, got 5",
    ]
  `);
});
