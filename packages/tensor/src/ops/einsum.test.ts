import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  option,
  shuffledSubarray,
  tuple,
} from "fast-check";
import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { random } from "../random.ts";
import { Scope } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { centralDifferences, gradientOf, ruleGradients, type Weighted } from "../testing/gradient-check.ts";
import { expectClose, expectNumbers, place } from "../testing/op-case.ts";
import { floats, type Plain } from "../testing/plain.ts";
import { plainEinsum } from "../testing/plain-einsum.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { einsum } from "./einsum.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const dice = random(11);

/** Equations with the shapes of their operands: "2 3, 3 4" is [2, 3] and [3, 4]. */
const cases: readonly (readonly [equation: string, shapes: string])[] = [
  ["ij->ij", "2 3"],
  ["ij->ji", "2 3"],
  ["ba", "2 3"], // implicit: in alphabetic order
  ["bA", "2 3"], // capitals first
  ["ij->", "2 3"],
  ["ij->i", "2 3"],
  ["", ""],
  ["->", ""],
  ["ii", "3 3"],
  ["ii->i", "3 3"],
  ["iji->ij", "2 3 2"],
  ["iii->i", "2 2 2"],
  ["ijij->ji", "2 3 2 3"],
  ["i,i", "4, 4"],
  ["i,j", "2, 3"],
  ["i,", "4, "],
  [",", ", "],
  ["ij,jk", "2 3, 3 4"],
  [" i j , j k -> k i ", "2 3, 3 4"],
  ["ij,jk->", "2 3, 3 4"],
  ["ij,ij->ij", "2 3, 2 3"],
  ["ji,jk->ik", "3 2, 3 4"],
  ["ij,kj->ik", "2 3, 4 3"],
  ["bthk,bshk->bhts", "2 3 2 4, 2 5 2 4"],
  ["bij,bjk->bik", "2 2 3, 2 3 2"],
  ["bi,bi->b", "2 3, 2 3"],
  ["ij,kl->kj", "2 3, 4 2"], // i and l are in one operand only
  ["ii,ij->j", "2 2, 2 3"],
  ["ij,jk,kl", "2 3, 3 2, 2 4"],
  ["i,i,i->i", "3, 3, 3"],
  ["i,i,i", "3, 3, 3"],
  ["bn,anm,bm->ba", "2 3, 4 3 2, 2 2"],
  ["i,j,k,l->likj", "2, 3, 1, 2"],
  ["...", "2 3"],
  ["...->...", ""],
  ["...i->i...", "2 3 4"],
  ["i...i", "2 3 2"],
  ["...ij,...jk->...ik", "3 1 2 3, 2 3 2"],
  ["...,...", "2 1, 3"],
  ["...,...i->...", "2 1, 3 2"],
  ["i...,j->j...i", "2 3, 4"],
  ["...a,a...", "2 3, 3 1"],
  ["i->...i", "2"], // "..." of no axes
  ["...i,...i->...", "1 3, 0 3"],
  ["ij,jk", "2 0, 0 3"], // a sum of nothing is 0
  ["ii", "0 0"],
];
const shapesOf = (text: string): Shape[] => text.split(",").map((sizes) => (sizes.match(/\d+/g) ?? []).map(Number));
const draw = (shapes: string): Plain[] => shapesOf(shapes).map((shape) => floats(shape, dice));

test.each(cases)("%s of %s", async (equation, shapes) => {
  const operands = draw(shapes);
  const placed = operands.map((each) => place(each, on));
  await expectClose(einsum(equation, ...placed), plainEinsum(equation, operands), 1e-5, equation);
});

test.each(cases)("the gradient of %s of %s, once and twice", async (equation, shapes) => {
  const precise = cpu({ precision: "f64" });
  const operands = draw(shapes);
  const weights = place(floats(plainEinsum(equation, operands).shape, dice), precise);
  const variables = operands.map((each) => Variable.holding(place(each, precise)));
  const loss = (): Tensor => sum(mul(einsum(equation, ...variables.map(({ value }) => value)), weights));
  const once: Weighted = { variables, loss, placed: [...variables, weights] };
  expectNumbers(await ruleGradients(once), await centralDifferences(once), 1e-6, equation);
  const twice = gradientOf(once, precise);
  expectNumbers(await ruleGradients(twice), await centralDifferences(twice), 1e-6, equation);
});

const sizes: { readonly [letter: string]: number } = { a: 2, b: 3, C: 1, d: 2, e: 0 };
/** An operand: letters, any number of times, with "..." before one of them or not. */
const operand = tuple(
  array(constantFrom(...Object.keys(sizes)), { maxLength: 3 }),
  option(integer({ min: 0, max: 3 }), { freq: 2, nil: undefined }),
);
/** Axes for each operand's "...", the last of those that all share, some of them 1. */
const under = array(boolean(), { maxLength: 2 });
const equations = array(tuple(operand, under), { minLength: 1, maxLength: 3 }).chain((list) => {
  const letters = [...new Set(list.flatMap(([[names]]) => names))];
  const open = list.some(([[, at]]) => at !== undefined);
  const left = list.map(([[names, at]]) => names.toSpliced(at ?? 0, 0, ...(at === undefined ? [] : ["..."])).join(""));
  const shapes = list.map(([[names, at], ones]) => {
    const covered = at === undefined ? [] : ones.map((one, i) => (one ? 1 : [3, 2][i + 2 - ones.length]!));
    return names.map((name) => sizes[name]!).toSpliced(at ?? 0, 0, ...covered);
  });
  const output = shuffledSubarray(letters).chain((kept) =>
    integer({ min: 0, max: kept.length }).map((at) => kept.toSpliced(at, 0, ...(open ? ["..."] : [])).join("")),
  );
  return option(output).map((right) => ({ equation: left.join(",") + (right === null ? "" : `->${right}`), shapes }));
});

test("any equation gives the sum over all values of all letters", async () => {
  const precise = cpu({ precision: "f64" });
  const values = random(12); // its own: how many values this test draws differs from run to run
  await assert(
    asyncProperty(equations, async ({ equation, shapes }) => {
      using scope = new Scope();
      const operands = shapes.map((shape) => floats(shape, values));
      const y = scope.run(() => einsum(equation, ...operands.map((x) => place(x, precise))));
      await expectClose(y, plainEinsum(equation, operands), 1e-12, equation);
    }),
    { numRuns: 300 },
  );
});

test("16-bit floats", async () => {
  for (const [dtype, tolerance] of [
    ["f16", 1e-2],
    ["bf16", 3e-2], // eight bits, rounded after each product
  ] as const) {
    const small = (x: Plain): Plain => ({ ...x, dtype });
    const size = (x: Plain): Plain => ({ ...x, data: Array.from(x.data, Math.abs) });
    for (const [equation, shapes] of cases) {
      const operands = draw(shapes).map(small);
      const exact = plainEinsum(equation, operands);
      // Terms that cancel leave an error of their own size, not of their sum's.
      const scale = Math.max(1, ...plainEinsum(equation, operands.map(size)).data);
      const y = einsum(equation, ...operands.map((x) => place(x, on)));
      await expectClose(y, exact, tolerance, equation, scale);
    }
  }
});

test("a NaN beside a diagonal does not reach it", async () => {
  expect(await einsum("ii->i", tensor([1, NaN, Infinity, 2], [2, 2], on)).read()).toEqual(Float32Array.of(1, 2));
});

test("what it makes on the way is freed, and it never returns its argument", () => {
  const fresh = cpu();
  for (const [equation, shapes] of cases) {
    const operands = shapesOf(shapes).map((shape) => zeros(shape, fresh));
    const y = einsum(equation, ...operands);
    expect(operands).not.toContain(y);
    expect(fresh.memory().tensors, equation).toBeLessThanOrEqual(operands.length + 1);
    for (const held of [...operands, y]) {
      expect(held.alive).toBe(true);
      held[Symbol.dispose]();
    }
    expect(fresh.memory(), equation).toEqual({ tensors: 0, bytes: 0 });
  }
});

test("dtypes that it cannot multiply are refused", () => {
  const x = zeros([2], on);
  expect(() => einsum("i", zeros([2], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: einsum: operand 0 must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => einsum("i,i", x, zeros([2], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: einsum: operand 1 must be f32, got bool; cast() it]`,
  );
  expect(() => einsum("i,i", x, zeros([2], on, "f16"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: einsum: operand 1 must be f32, got f16; cast() it]`,
  );
});
