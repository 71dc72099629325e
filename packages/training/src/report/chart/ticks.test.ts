import { expect, test } from "vitest";

import { exponentialMean } from "./exponential-mean.ts";
import { svgPath } from "./svg-path.ts";
import { lossText, stepText, ticks } from "./ticks.ts";

test("ticks are multiples of 1, 2 or 5 times a power of ten", () => {
  expect(ticks([0, 100], 5).values).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticks([1, 2000], 4).values).toEqual([500, 1000, 1500, 2000]);
  expect(ticks([0.1, 0.7], 6)).toMatchObject({ values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7] });
  expect(ticks([-0.3, 0.3], 3).values).toEqual([-0.2, 0, 0.2]);
});

test("around a range, the first and the last tick enclose it", () => {
  expect(ticks([1.31, 4.42], 6, { around: true }).values).toEqual([1, 2, 3, 4, 5]);
  expect(ticks([0.00085, 0.0021], 4, { around: true })).toEqual({
    values: [0.0005, 0.001, 0.0015, 0.002, 0.0025],
    labels: ["0.0005", "0.0010", "0.0015", "0.0020", "0.0025"],
  });
  expect(ticks([0, 3e-9], 2, { around: true }).labels).toEqual(["0", "2e-9", "4e-9"]);
  expect(ticks([1e8, 2.5e8], 2, { around: true }).labels).toEqual(["1e+8", "2e+8", "3e+8"]);
  for (const value of [2.5, 2, 0, -3]) {
    const { values } = ticks([value, value], 4, { around: true });
    expect(values[0]!).toBeLessThan(value);
    expect(values.at(-1)!).toBeGreaterThan(value);
  }
});

test("steps are whole, also where few of them are shown", () => {
  expect(ticks([1, 3], 8, { least: 1 }).values).toEqual([1, 2, 3]);
  expect(ticks([7, 7], 8, { least: 1 }).values).toEqual([7]);
});

test("numbers are written to be read", () => {
  expect([0, 999, 1000, 1234567].map(stepText)).toEqual(["0", "999", "1,000", "1,234,567"]);
  const losses = [0, 1.5, 0.012345, 12.3456, 1234.5, 1e7, 0.000123, -2];
  const texts = ["0.000", "1.500", "0.01235", "12.35", "1,235", "1.00e+7", "1.23e-4", "-2.000"];
  expect(losses.map(lossText)).toEqual(texts);
});

test("the exponential mean begins at the first value and keeps what is constant", () => {
  expect(exponentialMean([4, 4, 4], 5)).toEqual([4, 4, 4]);
  expect(exponentialMean([3, 1, 7], 1)).toEqual([3, 1, 7]);
  const [first, second, third] = exponentialMean([1, 0, 0], 3); // weights 1, ½, ¼
  expect([first, second, third]).toEqual([1, 0.5 / 1.5, 0.25 / 1.75]);
});

test("of the points in one column of pixels, first, lowest, highest and last are drawn, in order", () => {
  const ys = [5, 9, 1, 6, 7, 2.26];
  const points = [...ys.map((y, i) => ({ x: 10 + i / 100, y })), { x: 11, y: 3 }];
  expect(svgPath(points)).toBe("M10 5L10 9L10 1L10.1 2.3L11 3");
  expect(svgPath([{ x: 1, y: 2 }])).toBe("M1 2h0");
});
