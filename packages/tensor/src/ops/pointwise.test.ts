import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { expectNumbers } from "../testing/op-case.ts";
import { cos, erf, exp, log, sin, sqrt, tanh } from "./pointwise.ts";

const on = cpu({ precision: "f64" });
const x = tensor(Float64Array.of(NaN, Infinity, -Infinity, -1, 0), [5], on);

test.each([
  ["exp", exp, [NaN, Infinity, 0, Math.exp(-1), 1]],
  ["log", log, [NaN, Infinity, NaN, NaN, -Infinity]],
  ["sqrt", sqrt, [NaN, Infinity, NaN, NaN, 0]],
  ["tanh", tanh, [NaN, 1, -1, Math.tanh(-1), 0]],
  ["erf", erf, [NaN, 1, -1, -0.8427007929497149, 0]],
  ["sin", sin, [NaN, NaN, NaN, Math.sin(-1), 0]],
  ["cos", cos, [NaN, NaN, NaN, Math.cos(-1), 1]],
] as const)("%s at the edges", async (_, f, expected) => {
  expectNumbers(await f(x).read(), expected, 1e-15);
});

test("erf to double precision, at values that Abramowitz and Stegun tabulate", async () => {
  const points = [
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [3, 0.9999779095030014],
    [5, 0.9999999999984626],
    [7, 1],
  ] as const;
  for (const [at, value] of points) {
    const both = await erf(tensor(Float64Array.of(at, -at), [2], on)).read();
    expect(Math.abs(both[0]! - value)).toBeLessThan(1e-15);
    expect(both[1]).toBe(-both[0]!);
  }
});

test("whole numbers are refused", () => {
  expect(() => exp(tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: exp: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
});
