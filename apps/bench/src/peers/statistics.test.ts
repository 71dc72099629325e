import { expect, test } from "vitest";

import { median, ratio, timing } from "./statistics.ts";

test("the median is the middle, or the mean of the two middles", () => {
  expect([[3], [3, 1], [9, 1, 5], [4, 1, 100, 2]].map(median)).toEqual([3, 2, 5, 3]);
});

test("a side's time is the median of its rounds' medians, whatever single calls did", () => {
  expect(timing([[5, 5, 500], [7], [6, 6, 6, 6]])).toEqual({ median: 6, lowest: 5, highest: 7 });
});

test("a ratio is taken within each round, so that a slow round does not count", () => {
  // In the second round the machine is ten times as slow, and in the third only for the first side.
  const [a, b] = [
    [[20], [200], [90]],
    [[10], [100], [10]],
  ];
  expect(ratio(a, b)).toBe(2);
});
