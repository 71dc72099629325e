import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { generateIds } from "../../test/constrained.ts";
import { phrases } from "./phrases.ts";

test("the whole is one of the phrases", () => {
  const list = [[5, 1], [5, 2, 3], [7], [7, 7]];
  const constraint = phrases(list);
  const dice = random(1);
  const seen = new Set(Array.from({ length: 200 }, () => generateIds(constraint, 3, dice, 2).join(" ")));
  expect([...seen].sort()).toEqual(["5 1", "5 2 3", "7", "7 7"]);
  expect(constraint.allowed(constraint.start, 1)).toEqual([7]);
  expect(constraint.allowed(constraint.start, 0)).toEqual([]);
});

test("with a separator, a sequence of them, within the budget", () => {
  const constraint = phrases([[1], [1, 0, 2], [3, 3]], { separator: [0, 9] });
  const dice = random(2);
  for (let i = 0; i < 500; i++) {
    const budget = 1 + dice.integer(12);
    const ids = generateIds(constraint, budget, dice, 3);
    expect(ids.length).toBeLessThanOrEqual(budget);
    expect(ids.join(" ")).toMatch(/^(?:1 0 2|1|3 3)(?: 0 9 (?:1 0 2|1|3 3))*$/);
  }
  // After 1 0 it may be the longer phrase, or the separator.
  const state = [1, 0].reduce((at, id) => constraint.next(at, id), constraint.start);
  expect(constraint.allowed(state, 2)).toEqual([2, 9]);
  expect(constraint.allowed(state, 1)).toEqual([2]);
});

test("a separator that is also the beginning of a phrase is both at once", () => {
  const constraint = phrases([[1], [1, 1]], { separator: [1] });
  for (let length = 1; length < 8; length++) {
    const state = new Array<number>(length).fill(1).reduce((at, id) => constraint.next(at, id), constraint.start);
    expect(constraint.accepts(state)).toBe(true);
  }
});

test("equal states are the same object", () => {
  const constraint = phrases([[1], [2]], { separator: [0] });
  const after = (ids: readonly number[]): unknown => ids.reduce((at, id) => constraint.next(at, id), constraint.start);
  expect(after([1, 0, 1])).toBe(after([1]));
});

test.each([
  [() => phrases([]), "phrases(ids) needs at least one phrase, such as [[5, 1], [7]]."],
  [() => phrases([[1], []]), "phrases(): phrase 1 is a list of at least one token id, got []"],
  [() => phrases([[1.5]]), "phrases(): phrase 0 is a list of at least one token id, got [1.5]"],
  [() => phrases([[1]], { separator: [] }), "phrases(): separator is a list of at least one token id, got []"],
  [() => phrases([[1]], { separators: [] } as never), "phrases() has no option separators; it has separator."],
  [() => phrases([[1]]).next(phrases([[1]]).start, 2), "Token 2 may not come here: no phrase goes on with it."],
])("bad input is refused: %#", (call, message) => {
  expect(call).toThrow(message);
});
