import { float16ToFloat32, float32ToFloat16 } from "@tenon/tensor";
import { expect, test } from "vitest";

import * as functions from "./functions.ts";

/** A function that kernels call, as JavaScript runs it. */
function compile(code: string): (...numbers: number[]) => number {
  const written = code.replaceAll(/NAN\((\w+)\)/g, "Number.isNaN($1)");
  // oxlint-disable-next-line typescript/no-implied-eval -- gpu.js is given texts
  return new Function(`return ${written}`)() as (...numbers: number[]) => number;
}
const between = (from: number, to: number): number[] =>
  Array.from({ length: 2001 }, (_, i) => from + ((to - from) * i) / 2000);

test.each([
  ["tanh", functions.tanh, Math.tanh, between(-12, 12), 1e-6],
  ["log1p", functions.log1p, Math.log1p, between(-0.99, 30), 1e-12],
  ["exp", functions.exp, Math.exp, between(-80, 80), 1e-12],
  ["log", functions.log, Math.log, between(0.001, 80), 1e-12],
  ["sigmoid", functions.sigmoid, (x: number) => 1 / (1 + Math.exp(-x)), between(-30, 30), 1e-12],
] as const)("%s is that of JavaScript", (name, code, expected, places, tolerance) => {
  const f = compile(code);
  for (const x of places)
    expect(Math.abs(f(x) - expected(x)), `${name}(${x})`).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected(x))),
    );
  expect(f(NaN)).toBeNaN();
});

test("sine gives sines and cosines, of large numbers too", () => {
  const f = compile(functions.sine);
  for (const x of [...between(-20, 20), ...between(-10_000, 10_000)]) {
    expect(Math.abs(f(x, 0) - Math.sin(x)), `sin ${x}`).toBeLessThan(1e-6);
    expect(Math.abs(f(x, 1) - Math.cos(x)), `cos ${x}`).toBeLessThan(1e-6);
  }
});

test("erf is exact to 2e-7", () => {
  const f = compile(functions.erf);
  // Abramowitz and Stegun, table 7.1
  for (const [x, expected] of [
    [0, 0],
    [0.1, 0.112462916],
    [0.49, 0.5116682612],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [2, 0.995322265],
    [4, 0.9999999846],
  ] as const) {
    expect(Math.abs(f(x) - expected), `erf ${x}`).toBeLessThan(2e-7);
    expect(f(-x)).toBe(-f(x));
  }
});

test("rounded rounds to the nearest f16, ties to even", () => {
  const f = compile(functions.rounded);
  for (const x of [...between(-7, 7), ...between(-70_000, 70_000), 2 ** -24, 2 ** -25, 3 * 2 ** -25, 65519, 65520]) {
    const [expected] = float16ToFloat32(float32ToFloat16(Float32Array.of(x)));
    expect(Math.fround(f(x, 1024, 2 ** -14, 65504)), String(x)).toBe(expected);
  }
});

test("whole marks what a float does not hold", () => {
  const f = compile(functions.whole);
  expect(f(2 ** 24 - 1)).toBe(2 ** 24 - 1);
  expect(Math.fround(f(2 ** 24))).toBe(Infinity);
  expect(Math.fround(f(-(2 ** 25)))).toBe(-Infinity);
});
