import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { expectNumbers } from "../testing/op-case.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { cos, erf, exp, floor, log, log1p, sin, sqrt, square, tanh } from "./pointwise.ts";
import { sum } from "./reduce.ts";

const on = cpu({ precision: "f64" });
const x = tensor(Float64Array.of(NaN, Infinity, -Infinity, -1, 0), [5], on);

test.each([
  ["exp", exp, [NaN, Infinity, 0, Math.exp(-1), 1]],
  ["log", log, [NaN, Infinity, NaN, NaN, -Infinity]],
  ["log1p", log1p, [NaN, Infinity, NaN, -Infinity, 0]],
  ["sqrt", sqrt, [NaN, Infinity, NaN, NaN, 0]],
  ["tanh", tanh, [NaN, 1, -1, Math.tanh(-1), 0]],
  ["erf", erf, [NaN, 1, -1, -0.8427007929497149, 0]],
  ["sin", sin, [NaN, NaN, NaN, Math.sin(-1), 0]],
  ["cos", cos, [NaN, NaN, NaN, Math.cos(-1), 1]],
  ["floor", floor, [NaN, Infinity, -Infinity, -1, 0]],
  ["square", square, [NaN, Infinity, Infinity, 1, 0]],
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

test("log1p keeps the digits that 1 + x loses", async () => {
  const tiny = [1e-30, -1e-30, 1e-9, -1e-9, 2 ** -60];
  const y = await log1p(tensor(Float64Array.from(tiny), [5], on)).read();
  for (const [i, x] of tiny.entries()) expect(Math.abs(y[i]! / (x - (x * x) / 2) - 1)).toBeLessThan(1e-15);
  const single = await log1p(tensor([1e-9], [1], cpu())).read();
  expect(single[0]).toBe(Math.fround(1e-9));
});

test("what went through floor counts as constant", async () => {
  const x = Variable.holding(tensor([1.5, -2.5], [2], on));
  const { value, gradients } = differentiate([x], () => sum(mul(x.value, floor(x.value))));
  expect(await value.read()).toEqual(Float64Array.of(1.5 + 7.5));
  expect(await gradients[0]!.read()).toEqual(Float64Array.of(1, -3));
});

test("square of whole numbers wraps around at 32 bits", async () => {
  expect(await square(tensor([-3, 46341], [2], on, "i32")).read()).toEqual(Int32Array.of(9, (46341 * 46341) | 0));
});

test("whole numbers are refused", () => {
  expect(() => exp(tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: exp: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => log1p(tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: log1p: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => floor(tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: floor: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => square(tensor([1], [1], on, "u8"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: square: its input must be f32, f16, bf16 or i32, got u8; cast() it]`,
  );
});
