import { expect, test } from "vitest";

import { mostSeen, summaryOf } from "./pattern-summary.ts";

test("how much goes to the token itself, to the one before and to the first", () => {
  const pattern = [1, 0, 0, 0.75, 0.25, 0, 0.5, 0.375, 0.125];
  expect(summaryOf(pattern, 3, 3)).toEqual({ self: 1.375 / 3, before: 1.125 / 2, first: 2.25 / 3 });
  expect(summaryOf([1], 1, 1)).toEqual({ self: 1, before: 0, first: 1 });
});

test("the keys that are seen most, without those that are not seen", () => {
  expect(mostSeen([0.1, 0, 0.6, 0.3], 3)).toEqual([
    { key: 2, weight: 0.6 },
    { key: 3, weight: 0.3 },
    { key: 0, weight: 0.1 },
  ]);
  expect(mostSeen([0, 1], 5)).toEqual([{ key: 1, weight: 1 }]);
});
