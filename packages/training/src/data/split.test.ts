import { expect, test } from "vitest";

import { split } from "./split.ts";

test("cuts the end off", () => {
  const { training, heldOut } = split([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.2);
  expect(training).toEqual(Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  expect(heldOut).toEqual(Int32Array.of(9, 10));
});

test("does not copy an Int32Array", () => {
  const ids = Int32Array.of(1, 2, 3);
  expect(split(ids, 0.5).training.buffer).toBe(ids.buffer);
});

test("refuses shares that are none and parts that are empty", () => {
  expect(() => split([1, 2], 0)).toThrow("split: share must be above 0 and below 1, got 0");
  expect(() => split([1, 2], 1)).toThrow("got 1");
  expect(() => split([1, 2, 3], 0.1)).toThrow("of 3 tokens, a share of 0.1 leaves nothing to hold out");
  expect(() => split([1, 2, 3], 0.9)).toThrow("leaves nothing to train on");
  expect(() => split([], 0.5)).toThrow("of 0 tokens");
  expect(() => split([1, -2], 0.5)).toThrow("split: token id -2 at place 1 is out of range");
});
