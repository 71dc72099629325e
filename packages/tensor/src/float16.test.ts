import { expect, test } from "vitest";

import { float16ToFloat32, float32ToFloat16 } from "./float16.ts";

const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);
const single = (bits: number): Float32Array => new Float32Array(Uint32Array.of(bits).buffer);
const half = (value: number): number => float32ToFloat16(Float32Array.of(value))[0]!;

/** The definition of IEEE 754, in doubles. */
function meaning(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

test("every half becomes the single that IEEE 754 defines", () => {
  const values = float16ToFloat32(all);
  const wrong = [...all].filter((bits) => !Object.is(values[bits], meaning(bits)));
  expect(wrong).toEqual([]);
});

test("a NaN keeps its sign and payload", () => {
  const bits = bitsOf(float16ToFloat32(Uint16Array.of(0x7c01, 0xfe02)));
  expect([...bits]).toEqual([0x7f802000, 0xffc04000]);
});

test("every half survives the way to single and back, NaNs included", () => {
  expect(float32ToFloat16(float16ToFloat32(all))).toEqual(all);
});

test("between any two neighbours: nearer wins, the tie goes to the even one, on both sides of zero", () => {
  const wrong: number[] = [];
  for (let low = 0; low < 0x7bff; low++) {
    const tie = (meaning(low) + meaning(low + 1)) / 2;
    const bits = bitsOf(Float32Array.of(tie))[0]!;
    const even = low % 2 === 0 ? low : low + 1;
    const got = float32ToFloat16(new Float32Array(Uint32Array.of(bits - 1, bits, bits + 1, bits | 0x80000000).buffer));
    if (got[0] !== low || got[1] !== even || got[2] !== low + 1 || got[3] !== (even | 0x8000)) wrong.push(low);
  }
  expect(wrong).toEqual([]);
});

test("the ends of the range", () => {
  expect(half(65504)).toBe(0x7bff);
  expect(half(65519.99609375)).toBe(0x7bff);
  expect(half(65520)).toBe(0x7c00);
  expect(half(-3.4e38)).toBe(0xfc00);
  expect(half(-Infinity)).toBe(0xfc00);
  expect(half(2 ** -25)).toBe(0);
  expect(half(2 ** -25 * 1.0000001)).toBe(1);
  expect(half(1e-45)).toBe(0);
  expect(half(-0)).toBe(0x8000);
});

test("a NaN whose payload does not fit is still a NaN", () => {
  expect(float32ToFloat16(single(0x7f800001))[0]).toBe(0x7e00);
  expect(float32ToFloat16(single(0xffc00000))[0]).toBe(0xfe00);
});

test("a view into a larger buffer is read from its own start", () => {
  expect([...float32ToFloat16(Float32Array.of(9, 1, 2).subarray(1))]).toEqual([0x3c00, 0x4000]);
  expect([...float16ToFloat32(Uint16Array.of(9, 0x3c00).subarray(1))]).toEqual([1]);
});
