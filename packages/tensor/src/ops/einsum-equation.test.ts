import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { zeros } from "../create.ts";
import { einsum } from "./einsum.ts";
import { labelled } from "./einsum-equation.ts";

const on = cpu();

test("an equation gives a label to every axis, and each label its size", () => {
  expect(
    labelled("...iA, i ...", [
      [2, 3, 4],
      [3, 5, 1],
    ]),
  ).toEqual({
    operands: [
      ["…1", "i", "A"],
      ["i", "…2", "…1"],
    ],
    output: ["…2", "…1", "A"],
    sizes: new Map([
      ["…1", 2],
      ["i", 3],
      ["A", 4],
      ["…2", 5],
    ]),
  });
});

test("what is no equation is refused", () => {
  const x = zeros([2, 3], on);
  expect(() => einsum("i1->i", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "i1->i": "1" is neither a letter from a to z or A to Z nor "...", a comma or one "->"]`,
  );
  expect(() => einsum("..ij", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "..ij": "." is neither a letter from a to z or A to Z nor "...", a comma or one "->"]`,
  );
  expect(() => einsum("i…", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "i…": "…" is neither a letter from a to z or A to Z nor "...", a comma or one "->"]`,
  );
  expect(() => einsum("...i...", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "...i...": "...i..." has "..." twice, and one covers all axes]`,
  );
  expect(() => einsum("ij->i->j", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "ij->i->j": it has "->" more than once]`,
  );
  expect(() => einsum("ij>i", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "ij>i": ">" is neither a letter from a to z or A to Z nor "...", a comma or one "->"]`,
  );
  expect(() => einsum("ij->i,j", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "ij->i,j": the output "i,j" must be one list of letters, without a comma]`,
  );
  expect(() => einsum("ij->ik", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "ij->ik": the output has the letter "k", which no operand has]`,
  );
  expect(() => einsum("ij->iij", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "ij->iij": the output "iij" has a letter twice]`,
  );
  expect(() => einsum("...j->......j", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "...j->......j": "......j" has "..." twice, and one covers all axes]`,
  );
  expect(() => einsum("...j->j", x)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: einsum "...j->j": an operand has "..." and the output has not; name with letters what is to be summed]`,
  );
});

test("shapes that do not fit are refused", () => {
  const x = zeros([2, 3], on);
  expect(() => einsum("ij,jk->ik", x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ij,jk->ik": it is for 2 operands, got 1]`,
  );
  expect(() => einsum("ij", x, x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ij": it is for 1 operand, got 2]`,
  );
  expect(() => einsum("ij")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ij": it is for 1 operand, got 0]`,
  );
  expect(() => einsum("ij,", x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ij,": it is for 2 operands, got 1]`,
  );
  expect(() => einsum("ijk", x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ijk": operand 0 is [2, 3], with 2 axes, and "ijk" is for 3]`,
  );
  expect(() => einsum("ij,k", x, x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ij,k": operand 1 is [2, 3], with 2 axes, and "k" is for 1]`,
  );
  expect(() => einsum("...ijk", x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "...ijk": operand 0 is [2, 3], with 2 axes, and "...ijk" is for 3 or more]`,
  );
  expect(() => einsum("ij,jk", x, x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ij,jk": the letter "j" is 3 in operand 0 and 2 in operand 1; a letter has one size, and only what "..." covers broadcasts]`,
  );
  expect(() => einsum("ij,jk", x, zeros([1, 4], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ij,jk": the letter "j" is 3 in operand 0 and 1 in operand 1; a letter has one size, and only what "..." covers broadcasts]`,
  );
  expect(() => einsum("ii", x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "ii": the letter "i" is 2 and 3 in operand 0; a letter has one size, and only what "..." covers broadcasts]`,
  );
  expect(() => einsum("...i,...i", x, zeros([4, 3], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: einsum "...i,...i": axis −1 of those under "..." is 2 in operand 0 and 4 in operand 1; they must be equal, or one of them 1]`,
  );
});
