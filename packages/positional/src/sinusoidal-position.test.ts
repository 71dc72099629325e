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

test("it goes on beyond every length, and gives each row of positions its own", async () => {
  const backend = cpu({ precision: "f64" });
  const position = new SinusoidalPosition({ width: 2 });
  const at = async (positions: number[][]): Promise<number[]> => {
    const table = position.embed(new Extent({ offset: 0, length: positions[0]!.length, positions, backend }));
    expect(table.shape).toEqual(positions.length === 1 ? [3, 2] : [2, 3, 2]);
    return [...(await table.read())];
  };
  const expected = (rows: number[][]): number[] => rows.flat().flatMap((p) => [Math.sin(p), Math.cos(p)]);
  for (const rows of [
    [[5, 5, 1e6]],
    [
      [0, 0, 1],
      [1, 2, 0],
    ],
    [[2, 1, 0]],
  ]) {
    expect(await at(rows)).toEqual(expected(rows));
  }
  expect(position.parameters().size).toBe(0);
});

test("leaves nothing behind but its result", () => {
  const backend = cpu();
  const extent = new Extent({
    offset: 0,
    length: 2,
    positions: [
      [0, 1],
      [0, 0],
    ],
    backend,
  });
  const table = new SinusoidalPosition({ width: 2 }).embed(extent);
  expect(backend.memory().tensors).toBe(1);
  table[Symbol.dispose]();
});

test.each([6, 5])("half-split, the table of width %d has the same columns, the sines first", async (width) => {
  const backend = cpu({ precision: "f64" });
  const columns = async (layout: "interleaved" | "half-split"): Promise<number[][]> => {
    const table = new SinusoidalPosition({ width, layout }).embed(new Extent({ offset: 3, length: 2, backend }));
    const values = [...(await table.read())];
    return Array.from({ length: width }, (_, column) => values.filter((__, i) => i % width === column));
  };
  const turns = await columns("interleaved");
  const ofParity = (parity: number): number[][] => turns.filter((_, column) => column % 2 === parity);
  expect(await columns("half-split")).toEqual([...ofParity(0), ...ofParity(1)]);
});

test("refuses another layout", () => {
  expect(() => new SinusoidalPosition({ width: 4, layout: "halves" as "half-split" })).toThrow(
    'SinusoidalPosition: layout must be "interleaved" or "half-split", got "halves"',
  );
});
