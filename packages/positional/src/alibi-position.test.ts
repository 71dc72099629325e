import { cpu, isTenonError, scoped, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { AlibiPosition, alibiSlopes } from "./alibi-position.ts";
import { Extent } from "./extent.ts";

const on = cpu({ precision: "f64" });

test("slopes halve from head to head where there are 8, and are interleaved for other numbers", () => {
  expect(alibiSlopes(8)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((i) => 2 ** -i));
  expect(alibiSlopes(16)[0]).toBe(2 ** -0.5);
  expect(alibiSlopes(12)).toEqual([...alibiSlopes(8), ...[1, 3, 5, 7].map((i) => 2 ** (-i / 2))]);
  expect(alibiSlopes(1)).toEqual([2 ** -8]);
});

test("it goes on beyond every length, without parameters: a head's scores fall by its slope with each position", async () => {
  const position = new AlibiPosition({ heads: 2, slopes: [0.5, 2] });
  expect(position.parameters().size).toBe(0);
  const extent = new Extent({ offset: 1_000_000, length: 1, backend: on });
  const region = { firstQuery: 0, queries: 1, firstKey: 999_997, keys: 4 };
  const bias = position.at(extent).bias(zeros([1, 2, 1, 4], on), region, 1);
  expect(bias.shape).toEqual([2, 1, 4]);
  expect([...(await bias.read())].map((x) => x + 0)).toEqual([-1.5, -1, -0.5, 0, -6, -4, -2, 0]);
});

test("keys ahead count like those behind", async () => {
  const position = new AlibiPosition({ heads: 1, slopes: [1] });
  const extent = new Extent({ offset: 0, length: 3, backend: on });
  const bias = position
    .at(extent)
    .bias(zeros([1, 1, 3, 4], on), { firstQuery: 0, queries: 3, firstKey: 0, keys: 3 }, 1);
  expect([...(await bias.read())].map((x) => x + 0)).toEqual([0, -1, -2, -1, 0, -1, -2, -1, 0]);
});

test("layers share the bias, and halves get it as halves", () => {
  const backend = cpu();
  const position = new AlibiPosition({ heads: 1 });
  scoped(() => {
    const extent = new Extent({ offset: 0, length: 2, backend });
    const region = { firstQuery: 0, queries: 2, firstKey: 0, keys: 2 };
    const layer = (): Tensor => position.at(extent).bias(zeros([1, 1, 2, 4], backend, "f16"), region, 1);
    expect(layer().dtype).toBe("f16");
    const { tensors } = backend.memory();
    layer();
    expect(backend.memory().tensors).toBe(tensors + 2); // its own queries, and the bias as f16
  });
  expect(backend.memory().tensors).toBe(0);
});

const bias = (shape: number[], positions?: number[][]): Tensor =>
  new AlibiPosition({ heads: 2 })
    .at(new Extent({ offset: 0, length: 1, positions, backend: on }))
    .bias(zeros(shape, on), { firstQuery: 0, queries: 1, firstKey: 0, keys: 1 }, 1);
test.each([
  ["ConfigError", () => new AlibiPosition({ heads: 0 }), "alibiSlopes: heads must be a whole number from 1 up, got 0"],
  ["ConfigError", () => new AlibiPosition({ heads: 1.5, slopes: [1] }), "AlibiPosition: heads must be a whole number"],
  [
    "ConfigError",
    () => new AlibiPosition({ heads: 2, slopes: [1] }),
    "AlibiPosition: 1 slopes for 2 heads; give one for each",
  ],
  [
    "ConfigError",
    () => new AlibiPosition({ heads: 1, slopes: [-1] }),
    "AlibiPosition: each slope must be a finite number above 0, got -1",
  ],
  [
    "ShapeError",
    () => bias([1, 3, 1, 4]),
    "AlibiPosition: made for 2 heads, got [1, 3, 1, 4]; make it with the attention's number of heads",
  ],
  [
    "ShapeError",
    () => bias([3, 2, 1, 4], [[0], [1]]),
    "AlibiPosition: the extent has positions for 2 sequences, got [3, 2, 1, 4]; give a row of positions for each sequence, or one for all",
  ],
] as const)("what does not fit is refused: %s %#", (kind, make, message) => {
  let error: unknown;
  try {
    make();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, kind)).toBe(true);
  expect((error as Error).message).toContain(message);
});
