import { expect, test } from "vitest";

import type { Palette } from "./palette.ts";
import { around, colourOf, readable, rising } from "./scale.ts";

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
  const sums = [-1, 0, 0.5, 1, 1.5, 2, 3].map((value) => colourOf(scale, value, palette).reduce((a, b) => a + b, 0));
  expect(sums[0]).toBe(sums[1]);
  expect(sums[5]).toBe(sums[6]);
  for (const [i, sum] of sums.slice(2, 6).entries()) expect(sum).toBeLessThan(sums[i + 1]!);
});

test("a scale around a middle has the paper's colour there, and a hue on each side", () => {
  const scale = around(1, 2);
  expect([1, -1, 3].map((value) => colourOf(scale, value, palette))).toEqual([
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
  expect(colourOf(rising(1, 1), 1, palette)).toEqual(palette.paper);
});

test("a bent scale goes by the square root, and back", () => {
  const scale = rising(0, 4, 2);
  expect([scale.share(1), scale.share(4), scale.share(9), scale.value(0.5), scale.value(1)]).toEqual([0.5, 1, 1, 1, 4]);
  expect([around(0, 0).share(0), around(0, 2).share(-1), around(0, 2).value(0.75)]).toEqual([0.5, 0.25, 1]);
});
