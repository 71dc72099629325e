import { expect, test } from "vitest";

import { KeptLogits } from "./kept-logits.ts";

const row = (value: number, size = 2): Float32Array => new Float32Array(size).fill(value);

test("logits are found by all ids before them", () => {
  const kept = new KeptLogits();
  kept.keep([1], row(1));
  kept.keep([1, 2], row(2));
  kept.keep([1, 2, 3], row(3));
  expect(kept.after([1, 2])).toEqual(row(2));
  expect(kept.after([1, 9])).toBeUndefined();
  expect(kept.after([1, 2, 3, 4])).toBeUndefined();
  // A beginning that is asked for again leaves what follows it.
  kept.keep([1], row(7));
  expect([kept.after([1]), kept.after([1, 2, 3])]).toEqual([row(7), row(3)]);
  // Another text from there on takes its place.
  kept.keep([1, 9], row(8));
  expect([kept.after([1]), kept.after([1, 9])]).toEqual([row(7), row(8)]);
  expect([kept.after([1, 2]), kept.after([1, 2, 3])]).toEqual([undefined, undefined]);
  kept.clear();
  expect(kept.after([1])).toBeUndefined();
});

test("the oldest go when they take too much", () => {
  const kept = new KeptLogits();
  const ids: number[] = [];
  // Sixteen of 8 MiB are twice what is kept.
  for (let i = 1; i <= 16; i++) {
    ids.push(i);
    kept.keep(ids, row(i, 2 ** 21));
  }
  expect(kept.after(ids)?.[0]).toBe(16);
  expect(kept.after(ids.slice(0, 9))?.[0]).toBe(9);
  expect(kept.after(ids.slice(0, 8))).toBeUndefined();
});
