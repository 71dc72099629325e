import { expect, test } from "vitest";

import { compete, largestDifference, type Contest } from "./contest.ts";
import { makeGpu } from "./gpu.ts";
import { gpuProducts } from "./naive-products.ts";
import { sideNames } from "./sides.ts";

const model = { vocabulary: 50, context: 8, width: 16, layers: 2, heads: 4 };
const contest: Contest = { mode: "cpu", threads: 1, model, length: 6, rounds: 2, profile: true };

test.each(["cpu", "webasm"] as const)("all sides compute the same, in turn (%s)", async (mode) => {
  const said: string[] = [];
  const outcome = await compete({ ...contest, mode }, (text) => said.push(text));
  expect(outcome).toMatchObject({ kind: "measured", profile: expect.stringContaining("linear") });
  if (outcome.kind !== "measured") return;
  expect(outcome.sides.map(({ name }) => name)).toEqual(sideNames);
  for (const { name, samples, first, difference } of outcome.sides) {
    expect(samples).toHaveLength(2);
    expect(first).toBeGreaterThan(0);
    expect(difference, name).toBeLessThan(1e-5);
  }
  expect(said.slice(-3)).toEqual(["round 1 of 2", "round 2 of 2", "measuring each op"]);
});

test("a mode that is not here is no failure; a model that fails is one", async () => {
  expect(await compete({ ...contest, mode: "webgl2" }, () => undefined)).toEqual({
    kind: "absent",
    why: expect.stringMatching(/^gpujs \(webgl2\): /),
  });
  expect(await compete({ ...contest, length: 9 }, () => undefined)).toEqual({
    kind: "failed",
    why: expect.stringContaining("9 tokens"),
  });
});

test.each(["cpu", "webasm"] as const)("a long sum is whole, though gpu.js ends loops early (%s)", async (mode) => {
  const gpu = await makeGpu(mode);
  const product = gpuProducts(gpu, mode, 1);
  const ones = (rows: number, columns: number): number[][] =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => 1));
  expect(await product(ones(1, 3000), ones(3000, 2))).toEqual([Float32Array.of(3000, 3000)]);
  await gpu.destroy();
});

test("how far numbers are apart", () => {
  expect(largestDifference(Float32Array.of(1, 2, 3), Float32Array.of(1, 2.5, 2.75))).toBe(0.5);
  expect(largestDifference(Float32Array.of(1, NaN, 3), Float32Array.of(1, 2, 3))).toBeNaN();
  expect(largestDifference(Float32Array.of(1), Float32Array.of(1, 2))).toBeNaN();
});
