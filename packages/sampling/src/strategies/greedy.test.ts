import { expect, test } from "vitest";
import { greedy } from "./greedy.ts";

test("greedy takes the largest logit, of equal ones the smallest id, never an excluded token", () => {
  const choose = (...logits: number[]): number => greedy().choose(Float32Array.from(logits), { ids: [] });
  expect(choose(1, 3, 2)).toBe(1);
  expect(choose(1, 3, 3)).toBe(1);
  expect(choose(-5)).toBe(0);
  expect(choose(-Infinity, -9)).toBe(1);
  expect(choose(-0, 0)).toBe(0);
});
