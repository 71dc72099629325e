import { expect, test } from "vitest";

import { lesson, spreadOf, tokens, turned, values } from "./data.ts";

test("values depend on the name and the place alone", () => {
  const some = values("blocks.0.attention.query.weight", 1000, { amplitude: 1 });
  expect(values("blocks.0.attention.query.weight", 10, { amplitude: 1 })).toEqual(some.slice(0, 10));
  expect(values("blocks.0.attention.key.weight", 1000, { amplitude: 1 })).not.toEqual(some);
  // pytorch.py computes the same ones: neither can change alone.
  expect([...values("a", 4, { amplitude: 1 })]).toEqual([
    -0.1538630723953247, 0.13405072689056396, -0.5612072944641113, -0.7817625999450684,
  ]);
});

test("they fill their interval evenly", () => {
  const some = values("even", 100_000, { amplitude: 0.2, offset: 1 });
  const mean = some.reduce((sum, value) => sum + value, 0) / some.length;
  const variance = some.reduce((sum, value) => sum + (value - mean) ** 2, 0) / some.length;
  expect(mean).toBeCloseTo(1, 2);
  expect(Math.sqrt(3 * variance)).toBeCloseTo(0.2, 2);
  expect(Math.min(...some.slice(0, 1000))).toBeGreaterThanOrEqual(Math.fround(0.8));
  expect(Math.max(...some.slice(0, 1000))).toBeLessThan(1.2);
});

test("a weight keeps the size of what passes through it", () => {
  expect(spreadOf("blocks.3.feedForward.up.weight", [1536, 384]).amplitude ** 2 / 3).toBeCloseTo(1 / 384, 12);
  expect(spreadOf("blocks.3.attentionResidual.norm.weight", [384])).toEqual({ amplitude: 0.2, offset: 1 });
  expect(spreadOf("embedding.tokens.table", [30522, 384])).toEqual({ amplitude: 0.035 });
});

test("a matrix is turned, and ids stay in the vocabulary", () => {
  expect(turned(Float32Array.of(1, 2, 3, 4, 5, 6), 2, 3)).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
  const ids = tokens(8, 128, 1000);
  expect(ids.length).toBe(1024);
  expect(ids.every((id) => id >= 0 && id < 1000)).toBe(true);
});

test("the text of a step is followed by what comes next in it, and eight steps differ", () => {
  const [inputs, targets] = lesson(3, 2, 5, 40);
  expect([inputs.length, targets.length]).toEqual([10, 10]);
  for (const row of [0, 5]) expect([...inputs.slice(row + 1, row + 5)]).toEqual([...targets.slice(row, row + 4)]);
  expect(Math.min(...inputs, ...targets)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...inputs, ...targets)).toBeLessThan(40);
  expect(lesson(11, 2, 5, 40)).toEqual([inputs, targets]);
  expect(lesson(4, 2, 5, 40)[0]).not.toEqual(inputs);
});
