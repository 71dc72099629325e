import { cpu, isTenonError, random, scoped, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Extent } from "./extent.ts";
import { t5Bucket } from "./t5-bucket.ts";
import { T5Bias } from "./t5-bias.ts";

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test.each([
  [32, 128],
  [8, 20],
  [6, 4],
  [64, 70],
])("%d buckets up to %d: monotone, all in use, near distances apart", (buckets, maxDistance) => {
  const oneWay = upTo(3 * maxDistance).map((far) => t5Bucket(-far, { buckets, maxDistance, bidirectional: false }));
  expect(oneWay).toEqual(oneWay.toSorted((a, b) => a - b));
  expect(oneWay.slice(0, buckets / 2)).toEqual(upTo(buckets / 2));
  expect(new Set(oneWay.slice(maxDistance))).toEqual(new Set([buckets - 1]));
  expect(oneWay[maxDistance]).toBe(buckets - 1);
  const ahead = t5Bucket(5, { buckets, maxDistance, bidirectional: false });
  expect(ahead).toBe(0);

  const both = { buckets, maxDistance, bidirectional: true };
  for (const far of upTo(3 * maxDistance).slice(1)) {
    expect(t5Bucket(far, both)).toBe(t5Bucket(-far, both) + buckets / 2);
    expect(t5Bucket(-far, both)).toBeGreaterThanOrEqual(t5Bucket(1 - far, both));
    expect(t5Bucket(-far, both)).toBeLessThan(buckets / 2);
  }
});

test("a row of the table belongs to each distance, and beyond the last to all", async () => {
  const on = cpu();
  const position = await new T5Bias({
    heads: 2,
    buckets: 4,
    maxDistance: 3,
    bidirectional: false,
    random: random(1),
  }).to(on);
  position.table.assign(Float32Array.of(0, 100, 1, 101, 2, 102, 3, 103)); // of 4 buckets, 2 are exact; from 3 on all is one
  const extent = new Extent({ offset: 900, length: 1, backend: on });
  const region = { firstQuery: 0, queries: 1, firstKey: 895, keys: 6 };
  const y = position.at(extent).bias(zeros([1, 2, 1, 4], on), region, 1);
  expect([...(await y.read())]).toEqual([3, 3, 3, 2, 1, 0, 103, 103, 103, 102, 101, 100]);
});

test("layers share one bias for each region of a pass", async () => {
  const on = cpu();
  const position = await new T5Bias({ heads: 2, random: random(1) }).to(on);
  scoped(() => {
    const extent = new Extent({ offset: 0, length: 3, backend: on });
    const queries = zeros([1, 2, 3, 4], on);
    const layer = (firstKey: number): Tensor =>
      position.at(extent).bias(queries, { firstQuery: 0, queries: 3, firstKey, keys: 2 }, 1);
    layer(0);
    const { bytes } = on.memory();
    layer(0);
    expect(on.memory().bytes).toBe(bytes);
    layer(1);
    expect(on.memory().bytes).toBe(bytes + 4 * 2 * 3 * 2);
  });
  expect(on.memory().tensors).toBe(1);
});

const made = (options: object): T5Bias => new T5Bias({ heads: 2, random: random(1), ...options });
const bias = async (shape: number[], positions?: number[][]): Promise<Tensor> => {
  const backend = cpu();
  const position = await made({}).to(backend);
  const extent = new Extent({ offset: 0, length: 1, positions, backend });
  return position.at(extent).bias(zeros(shape, backend), { firstQuery: 0, queries: 1, firstKey: 0, keys: 1 }, 1);
};
test.each([
  ["ConfigError", () => made({ heads: 0 }), "T5Bias: heads must be a whole number from 1 up, got 0"],
  ["ConfigError", () => made({ buckets: 0 }), "T5Bias: buckets must be a whole number from 1 up, got 0"],
  [
    "ConfigError",
    () => made({ buckets: 5 }),
    "T5Bias: buckets must be an even number from 4 up, half of them for each direction, got 5",
  ],
  [
    "ConfigError",
    () => made({ buckets: 2 }),
    "T5Bias: buckets must be an even number from 4 up, half of them for each direction, got 2",
  ],
  ["ConfigError", () => made({ buckets: 1, bidirectional: false }), "T5Bias: buckets must be at least 2, got 1"],
  [
    "ConfigError",
    () => made({ maxDistance: 8 }),
    "T5Bias: maxDistance must be above 8, since 32 buckets give each distance below that one of its own, got 8",
  ],
  ["ShapeError", () => bias([1, 3, 1, 4]), "T5Bias: made for 2 heads, got [1, 3, 1, 4]"],
  [
    "ShapeError",
    () => bias([3, 2, 1, 4], [[0], [1]]),
    "T5Bias: the extent has positions for 2 sequences, got [3, 2, 1, 4]",
  ],
] as const)("what does not fit is refused: %s %#", async (kind, make, message) => {
  let error: unknown;
  try {
    await make();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, kind)).toBe(true);
  expect((error as Error).message).toContain(message);
});
