import { expect, test } from "vitest";

import { initialize, vectorsOf } from "./parameters.ts";
import { rowLayout } from "./row-layout.ts";

test("a training begins with small numbers that the seed gives, and with sums of squares of 1", () => {
  const layout = rowLayout(300, 10);
  const [rows, again, other] = [1, 1, 2].map((seed) => {
    const rows = new Float32Array(layout.length).fill(NaN);
    initialize(rows, layout, seed);
    return rows;
  });
  expect(again).toEqual(rows);
  expect(other).not.toEqual(rows);
  const drawn: number[] = [];
  for (let from = 0; from < layout.length; from += layout.row) {
    drawn.push(...rows!.subarray(from, from + 10), rows![from + 24]!);
    expect([...rows!.subarray(from + 10, from + 12)]).toEqual([0, 0]);
    expect([...rows!.subarray(from + 12, from + 24), rows![from + 25]]).toEqual(Array.from({ length: 13 }, () => 1));
  }
  const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
  const variance = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
  expect(Math.abs(mean)).toBeLessThan(0.002);
  expect(variance / (0.1 ** 2 / 12)).toBeCloseTo(1, 1);
  expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(0.05);
});

test("the vectors of words", () => {
  const layout = rowLayout(2, 2);
  const rows = Float32Array.from({ length: layout.length }, (_, i) => i);
  // Rows of 12: w at 0 and 12, w̃ at 24 and 36; a bias is 8 behind the row's start.
  expect([...vectorsOf(rows, layout, "word")]).toEqual([0, 1, 12, 13]);
  expect([...vectorsOf(rows, layout, "sum")]).toEqual([24, 26, 48, 50]);
  expect([...vectorsOf(rows, layout, "everything")]).toEqual([0, 1, 8, 24, 25, 32, 12, 13, 20, 36, 37, 44]);
});
