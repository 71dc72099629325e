import { checkGradients } from "@tenon/nn";
import { cpu, isTenonError, mul, random, scoped, sum, tanh, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Extent } from "./extent.ts";
import { LearnedPosition } from "./learned-position.ts";

test("gives the rows of its table from the offset on", async () => {
  const backend = cpu();
  const position = await new LearnedPosition({ context: 4, width: 2, random: random(1) }).to(backend);
  position.table.assign(Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31));
  const rows = scoped(() => position.embed(new Extent({ offset: 2, length: 2, backend })));
  expect(await rows.read()).toEqual(Float32Array.of(20, 21, 30, 31));
  rows[Symbol.dispose]();
  expect(backend.memory().tensors).toBe(1);
});

test("gives each token the row of its position", async () => {
  const backend = cpu();
  const position = await new LearnedPosition({ context: 4, width: 1, random: random(1) }).to(backend);
  position.table.assign(Float32Array.of(0, 10, 20, 30));
  const at = async (positions: number[][], offset: number): Promise<[readonly number[], number[]]> => {
    const length = positions[0]!.length - offset;
    const rows = position.embed(new Extent({ offset, length, positions, backend }));
    return [rows.shape, [...(await rows.read())]];
  };
  expect(await at([[0, 1, 3, 3]], 1)).toEqual([
    [3, 1],
    [10, 30, 30],
  ]);
  expect(
    await at(
      [
        [0, 0, 1],
        [2, 3, 0],
      ],
      0,
    ),
  ).toEqual([
    [2, 3, 1],
    [0, 0, 10, 20, 30, 0],
  ]);
  // More tokens than positions: documents that are packed into one sequence.
  expect(await at([[0, 1, 2, 0, 1, 2]], 2)).toEqual([
    [4, 1],
    [20, 0, 10, 20],
  ]);
});

test("its gradient agrees with central differences", async () => {
  const backend = cpu({ precision: "f64" });
  const position = await new LearnedPosition({ context: 3, width: 2, random: random(1) }).to(backend);
  const weight = tensor([1, -2, 3, 4], [2, 2], backend);
  await checkGradients(position, () =>
    sum(mul(tanh(position.embed(new Extent({ offset: 1, length: 2, backend }))), weight)),
  );
});

test("positions beyond the context are refused, naming both numbers", async () => {
  const backend = cpu();
  const position = await new LearnedPosition({ context: 4, width: 2, random: random(1) }).to(backend);
  let error: unknown;
  try {
    position.embed(new Extent({ offset: 3, length: 2, backend }));
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, "ConfigError")).toBe(true);
  expect((error as Error).message).toBe(
    "LearnedPosition: 5 positions, but only 4 were learned. Shorten the text, or make the model with a larger context.",
  );
});

test("a position beyond the context is refused however few tokens there are", async () => {
  const backend = cpu();
  const position = await new LearnedPosition({ context: 4, width: 2, random: random(1) }).to(backend);
  const extent = new Extent({ offset: 0, length: 1, positions: [[0], [4]], backend });
  expect(() => position.embed(extent)).toThrow("LearnedPosition: 5 positions, but only 4 were learned.");
});

test("reserved rows of the table stand for no position", async () => {
  const backend = cpu();
  const position = await new LearnedPosition({ context: 2, reserved: 2, width: 1, random: random(1) }).to(backend);
  position.table.assign(Float32Array.of(0, 10, 20, 30));
  const at = (positions?: number[][]) =>
    position.embed(new Extent({ offset: 0, length: 2, positions, backend })).read();
  expect(await at()).toEqual(Float32Array.of(20, 30));
  expect(await at([[1, 0]])).toEqual(Float32Array.of(30, 20));
  expect(() => position.embed(new Extent({ offset: 0, length: 3, backend }))).toThrow("only 2 were learned");
});

test("bad sizes are refused", () => {
  for (const reserved of [-1, 1.5]) {
    expect(() => new LearnedPosition({ context: 2, reserved, width: 2, random: random(1) })).toThrow(
      `LearnedPosition: reserved must be a whole number from 0 up, got ${reserved}`,
    );
  }
  expect(() => new LearnedPosition({ context: 0, width: 2, random: random(1) })).toThrow(
    "context must be a whole number",
  );
  expect(() => new LearnedPosition({ context: 2, width: 2.5, random: random(1) })).toThrow(
    "width must be a whole number",
  );
});
