import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Linear } from "../linear.ts";
import { normal, ones, uniformWithin, zeros } from "./initial.ts";
import { xavier } from "./xavier.ts";

const deviationOf = (values: Float32Array): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
};

test("zeros and ones", () => {
  expect(zeros([2, 2])).toEqual(Float32Array.of(0, 0, 0, 0));
  expect(ones([3])).toEqual(Float32Array.of(1, 1, 1));
});

test("normal has the deviation asked for", () => {
  expect(deviationOf(normal(random(1), 0.02)([100, 100]))).toBeCloseTo(0.02, 3);
});

test("uniformWithin stays within its bound; xavier's is √(6 / (in + out))", () => {
  const values = uniformWithin(random(1), 0.5)([1000]);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.5);
  expect(deviationOf(values)).toBeCloseTo(0.5 / Math.sqrt(3), 1);
  const weights = xavier(random(1))([60, 40]);
  expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 100));
  expect(deviationOf(weights)).toBeCloseTo(Math.sqrt(2 / 100), 2);
});

test("initial values are pure: the same again, whatever was drawn in between", () => {
  const source = random(3);
  const initial = normal(source, 1);
  const first = initial([5]);
  source.uniform();
  expect(initial([5])).toEqual(first);
});

test("a part's values are a function of its stream: equal seeds equal, other forks other", async () => {
  const make = (name: string): Linear => new Linear({ input: 3, output: 3, random: random(1).fork(name) });
  expect(await make("a").weight.host()).toEqual(await make("a").weight.host());
  expect(await make("a").weight.host()).not.toEqual(await make("b").weight.host());
});

test("bad arguments are refused", () => {
  expect(() => normal(random(1), 0)).toThrow("normal: deviation must be a finite number above 0, got 0");
  expect(() => uniformWithin(random(1), Number.NaN)).toThrow("bound must be a finite number above 0");
  expect(() => xavier(random(1))([3])).toThrow(
    "xavier: a weight must have at least two axes, [out, in, …], got the shape [3]",
  );
});
