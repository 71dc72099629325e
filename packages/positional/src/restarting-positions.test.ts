import { expect, test } from "vitest";

import { positionsAfterPadding, positionsInDocuments } from "./restarting-positions.ts";

test("positions begin after the padding", () => {
  expect(positionsAfterPadding([0, 3, 1], 4)).toEqual([
    [0, 1, 2, 3],
    [0, 0, 0, 0],
    [0, 0, 1, 2],
  ]);
});

test.each([-1, 1.5, 4])("a padding of %s is refused", (padding) => {
  expect(() => positionsAfterPadding([0, padding], 4)).toThrow(
    `positionsAfterPadding: row 1 has 4 tokens, so its padding must be a whole number from 0 to 3, got ${padding}`,
  );
});

test("positions begin anew with each document", () => {
  expect(positionsInDocuments([[7], [1, 1, 1], [0, 5, 5]].map((row) => [...row]))).toEqual([[0], [0, 1, 2], [0, 0, 1]]);
  expect(positionsInDocuments([[0, 0, 1, 0]])).toEqual([[0, 1, 0, 0]]);
});
