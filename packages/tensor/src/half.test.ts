import { describe, expect, test } from "vitest";

import { fromHalf, toHalf } from "./half.ts";
import { exactly, plainHalfBits, plainHalfValue } from "./testing/plain-half.ts";

const all = Uint16Array.from({ length: 0x10000 }, (_, i) => i);
/** The double after or before x. */
function neighbour(x: number, by: 1n | -1n): number {
  const bits = new BigUint64Array(Float64Array.of(x).buffer);
  bits[0]! += by;
  return new Float64Array(bits.buffer)[0]!;
}

describe.each([
  ["f16", 0x7c00],
  ["bf16", 0x7f80],
] as const)("%s", (dtype, infinity) => {
  const round = (...values: number[]): number[] => [...toHalf(Float64Array.from(values), dtype)];

  test("each of its values is what IEEE 754 says, and is rounded to itself, NaNs with their payload", () => {
    const values = fromHalf(all, dtype);
    expect([...all].filter((bits) => !Object.is(values[bits], plainHalfValue(bits, dtype)))).toEqual([]);
    expect(toHalf(values, dtype)).toEqual(all);
  });

  test("a double between any two neighbours goes to the nearer, and from the middle to the even one, rounded once", () => {
    const [probes, expected]: [number[], number[]] = [[], []];
    for (let low = 0; low + 1 < infinity; low++) {
      const [below, above] = [plainHalfValue(low, dtype), plainHalfValue(low + 1, dtype)];
      const middle = (below + above) / 2;
      const twiceMiddle = exactly(below) + exactly(above);
      // The doubles beside the middle, which f32 rounds to it; and some farther off.
      for (const x of [
        middle,
        neighbour(middle, 1n),
        neighbour(middle, -1n),
        middle * (1 + 2 ** -25),
        below * 0.25 + above * 0.75,
      ]) {
        const twice = 2n * exactly(x);
        const nearest = twice < twiceMiddle || (twice === twiceMiddle && low % 2 === 0) ? low : low + 1;
        probes.push(x, -x);
        expected.push(nearest, nearest | 0x8000);
      }
    }
    const found = toHalf(Float64Array.from(probes), dtype);
    expect(probes.filter((_, i) => found[i] !== expected[i])).toEqual([]);
    // By way of f32, one of the two beside each middle is wrong: the test can fail.
    const twice = toHalf(Float32Array.from(probes), dtype);
    expect(probes.filter((_, i) => twice[i] !== expected[i]).length).toBeGreaterThan(2 * (infinity - 1));
  });

  test("whole numbers are taken by way of f32", () => {
    expect(toHalf(Int32Array.of(-3, 0, 2049), dtype)).toEqual(toHalf(Float32Array.of(-3, 0, 2049), dtype));
    expect(toHalf(Uint8Array.of(255), dtype)).toEqual(toHalf(Float32Array.of(255), dtype));
  });

  test("the ends of the range, signed zeros and NaN", () => {
    const largest = plainHalfValue(infinity - 1, dtype);
    const step = largest - plainHalfValue(infinity - 2, dtype);
    const tie = largest + step / 2; // as near to the largest as to what would come after it
    expect(round(largest, tie, neighbour(tie, -1n), -tie, 1e300, -1e300)).toEqual([
      ...[infinity - 1, infinity, infinity - 1],
      ...[0x8000 | infinity, infinity, 0x8000 | infinity],
    ]);
    expect(round(Infinity, -Infinity, 0, -0, 1e-320, -1e-320)).toEqual([
      infinity,
      0x8000 | infinity,
      0,
      0x8000,
      0,
      0x8000,
    ]);
    const half = plainHalfValue(1, dtype) / 2;
    expect(round(half, neighbour(half, 1n), -half, neighbour(-half, 1n))).toEqual([0, 1, 0x8000, 0x8001]);
    expect(fromHalf(toHalf(Float64Array.of(NaN), dtype), dtype)).toEqual(Float32Array.of(NaN));
  });
});

test("the reference of these tests: doubles as whole numbers, and a few roundings by hand", () => {
  expect(exactly(2 ** -1074)).toBe(1n);
  expect(exactly(-3)).toBe(-(3n << 1074n));
  expect(exactly(2 ** -1022)).toBe(1n << 52n);
  expect([1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 65519, 65520, -0].map((x) => plainHalfBits(x, "f16"))).toEqual([
    ...[0x3c00, 0x3c00, 0x3c02, 0x7bff, 0x7c00, 0x8000],
  ]);
  expect([1 + 2 ** -8, 1 + 3 * 2 ** -8, 3.3895e38, 3.4e38].map((x) => plainHalfBits(x, "bf16"))).toEqual([
    ...[0x3f80, 0x3f82, 0x7f7f, 0x7f80],
  ]);
});
