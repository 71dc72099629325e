import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { iota, uniform } from "./source.ts";

const on = cpu();

test("uniform is a pure function of key and counter", async () => {
  const draw = (counter: number, key = [3, 4] as const) => uniform([6], key, counter, on).read();
  expect(await draw(0)).toEqual(await draw(0));
  expect(await draw(1)).not.toEqual(await draw(0));
  expect(await draw(0, [3, 4])).toEqual(await draw(0));
  expect((await uniform([2, 3], [3, 4], 0, on).read()).slice(0, 4)).toEqual(await uniform([4], [3, 4], 0, on).read());
});

test("uniform is even: mean 1/2 and variance 1/12 over 70,000", async () => {
  const data = [...(await uniform([70000], [5, 6], 1, on).read())];
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.005);
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
  expect(data.every((x) => x >= 0 && x < 1)).toBe(true);
});

test("a start that is no whole number is refused", () => {
  expect(() => iota(2, 0.5, on)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: iota: start must be a whole number, got 0.5]`,
  );
});

test("sizes that are none are refused", () => {
  expect(() => iota(-1, 0, on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [-1]]`,
  );
  expect(() => iota(1.5, 0, on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [1.5]]`,
  );
  expect(() => uniform([2, -1], [0, 0], 0, on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [2, -1]]`,
  );
});
