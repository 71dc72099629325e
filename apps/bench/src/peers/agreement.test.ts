import { expect, test } from "vitest";

import { agreement, disagreement } from "./agreement.ts";

const exact = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i));
const off = (by: number): Float32Array => Float32Array.from(exact, (value, i) => value + by * Math.cos(3 * i));

test("how far numbers are from what they should be", () => {
  const { error, cosine } = agreement([3, 4.05], [3, 4]);
  expect(error).toBeCloseTo(0.01, 12);
  expect(cosine).toBeCloseTo(25.2 / (5 * Math.hypot(3, 4.05)), 12);
});

test("floats agree up to rounding, 8 bits up to what 8 bits lose", () => {
  expect(disagreement(off(0), exact, "f32")).toBeUndefined();
  expect(disagreement(off(1e-6), exact, "f32")).toBeUndefined();
  expect(disagreement(off(1e-4), exact, "f32")).toMatch(/^relative error 1\.\de-4, above 0\.00001$/);
  expect(disagreement(off(1e-4), exact, "f32", "training")).toBeUndefined();
  expect(disagreement(off(1e-2), exact, "f32", "training")).toMatch(/^relative error \d\.\de-[23], above 0\.001$/);
  expect(disagreement(off(0.05), exact, "8-bit")).toBeUndefined();
  expect(disagreement(off(0.3), exact, "8-bit")).toMatch(/^cosine 0\.9\d+ to the exact result, below 0\.995$/);
});

test("what is not a number, or too few of them, never agrees", () => {
  const broken = off(0);
  broken[17] = NaN;
  expect(disagreement(broken, exact, "f32")).toContain("relative error NaN");
  expect(disagreement(broken, exact, "8-bit")).toContain("cosine NaN");
  expect(disagreement(new Float32Array(), exact, "f32")).toBe("it gave 0 numbers in the place of 100");
  expect(disagreement(new Float32Array(100), exact, "8-bit")).toContain("cosine NaN");
});
