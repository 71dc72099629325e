import { expect, test } from "vitest";

import type { Palette } from "./palette.ts";
import { around, readable, rising } from "./scale.ts";

const palette: Palette = {
  paper: [255, 255, 255],
  ink: [20, 20, 20],
  quiet: [90, 90, 90],
  edge: [200, 200, 200],
  hidden: [240, 240, 240],
  accent: [160, 70, 20],
  counter: [20, 90, 180],
  focus: [0, 0, 255],
};

test("a rising scale darkens all the way on white, and holds at its ends", () => {
  const scale = rising(0, 2);
  const sums = [-1, 0, 0.5, 1, 1.5, 2, 3].map((value) => scale.colour(value, palette).reduce((a, b) => a + b, 0));
  expect(sums[0]).toBe(sums[1]);
  expect(sums[5]).toBe(sums[6]);
  for (const [i, sum] of sums.slice(2, 6).entries()) expect(sum).toBeLessThan(sums[i + 1]!);
});

test("a scale around a middle has the paper's colour there, and a hue on each side", () => {
  const scale = around(1, 2);
  expect([1, -1, 3].map((value) => scale.colour(value, palette))).toEqual([
    palette.paper,
    palette.counter,
    palette.accent,
  ]);
});

test("text can be read on light and on dark", () => {
  expect([readable([250, 240, 230]), readable([163, 71, 16]), readable([200, 120, 70])]).toEqual([
    [0, 0, 0],
    [255, 255, 255],
    [0, 0, 0],
  ]);
});

test("one value alone has the paper's colour", () => {
  expect(rising(1, 1).colour(1, palette)).toEqual(palette.paper);
});
