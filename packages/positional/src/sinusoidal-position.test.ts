import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Extent } from "./extent.ts";
import { SinusoidalPosition } from "./sinusoidal-position.ts";

test.each([6, 5])("the table of width %d follows the formula, at any offset", async (width) => {
  const backend = cpu({ precision: "f64" });
  const table = new SinusoidalPosition({ width }).embed(new Extent({ offset: 1000, length: 3, backend }));
  expect(table.shape).toEqual([3, width]);
  const values = await table.read();
  for (let row = 0; row < 3; row++) {
    for (let i = 0; 2 * i < width; i++) {
      const angle = (1000 + row) / 10000 ** ((2 * i) / width);
      expect(values[row * width + 2 * i]).toBeCloseTo(Math.sin(angle), 12);
      if (2 * i + 1 < width) expect(values[row * width + 2 * i + 1]).toBeCloseTo(Math.cos(angle), 12);
    }
  }
});

test("has no parameters and refuses a bad width", () => {
  expect(new SinusoidalPosition({ width: 4 }).parameters().size).toBe(0);
  expect(() => new SinusoidalPosition({ width: 0 })).toThrow(
    "SinusoidalPosition: width must be a whole number from 1 up",
  );
});
