import { expect, test } from "vitest";
import { reusable, type Held } from "./remembered.ts";

const held: Held = {
  rows: [
    [5, 6, 7],
    [5, 6, 7, 8],
    [1, 2, 3],
    [1, 9, 9, 9],
  ],
  paddings: [1, 0, 1, 0],
};

test("of several places to end at, that which leaves the fewest to read", () => {
  // Ending at 4, the second would agree with row 3 in one id alone; ending at 5, each goes on from a row of its own.
  const asked = [
    [5, 6, 7, 8],
    [1, 2, 3, 4],
  ];
  expect(reusable(held, asked, 1, 9)).toEqual({ from: [0, 2], length: 4, paddings: [1, 1] });
  expect(reusable(held, asked, 1, 4)).toEqual({ from: [1, 3], length: 1, paddings: [0, 0] }); // no room for 5
  expect(reusable(held, [[4, 4]], 1, 9)).toBeUndefined();
});
