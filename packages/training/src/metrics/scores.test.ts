import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { accuracy, sequenceAccuracy } from "./accuracy.ts";
import { confusion } from "./confusion.ts";
import { pearson, spearman } from "./correlation.ts";
import { exactMatch } from "./exact-match.ts";
import { f1 } from "./f1.ts";
import { matthews } from "./matthews.ts";
import { perplexity } from "./perplexity.ts";

interface Golden {
  readonly classes: readonly {
    readonly classes: number;
    readonly predictions: readonly number[];
    readonly targets: readonly number[];
    readonly accuracy: number;
    readonly confusion: readonly (readonly number[])[];
    readonly precision: readonly number[];
    readonly recall: readonly number[];
    readonly perClass: readonly number[];
    readonly macro: number;
    readonly micro: number;
    readonly matthews: number;
  }[];
  readonly numbers: readonly {
    readonly predictions: readonly number[];
    readonly targets: readonly number[];
    readonly pearson: number;
    readonly spearman: number;
  }[];
}
const golden = JSON.parse(readFileSync(new URL("../../goldens/scores.json", import.meta.url), "utf8")) as Golden;

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-12));
}

test("scores of classes equal scikit-learn's", () => {
  for (const { predictions, targets, classes, ...expected } of golden.classes) {
    const score = f1(predictions, targets, { classes });
    expect(confusion(predictions, targets, { classes })).toEqual(expected.confusion);
    expectClose(score.precision, expected.precision);
    expectClose(score.recall, expected.recall);
    expectClose(score.perClass, expected.perClass);
    const means = [accuracy(predictions, targets), score.macro, score.micro, matthews(predictions, targets)];
    expectClose(means, [expected.accuracy, expected.macro, expected.micro, expected.matthews]);
  }
});

test("correlations equal SciPy's", () => {
  for (const { predictions, targets, ...expected } of golden.numbers) {
    const ours = [pearson(predictions, targets), spearman(predictions, targets)];
    expectClose(ours, [expected.pearson, expected.spearman]);
  }
});

test("a side without spread has no correlation, and classes without spread Matthews' 0", () => {
  expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
  expect(spearman([1, 2, 3], [0.3, 0.3, 0.3])).toBeNaN();
  expect(pearson([1, 2, 3], [10, 20, 30])).toBe(1);
  expect(matthews([1, 1, 1], [0, 1, 0])).toBe(0);
});

test("the number of classes is that of the highest, if it is not given", () => {
  expect(confusion([0, 2], [1, 2])).toEqual([
    [0, 0, 0],
    [1, 0, 0],
    [0, 0, 1],
  ]);
  expect(f1([0, 0], [0, 0], { classes: 3 })).toMatchObject({ perClass: [1, 0, 0], macro: 1, micro: 1 });
});

test("rows are right as a whole or wrong; positions that are ignored do neither", () => {
  const targets = [1, 2, 0, 3, 0, 0, 5, 5];
  expect(sequenceAccuracy([1, 2, 0, 3, 7, 7, 5, 4], targets, 2)).toBe(0.5);
  expect(sequenceAccuracy([1, 2, 9, 3, 7, 7, 5, 4], targets, 2, { ignored: 0 })).toBeCloseTo(2 / 3, 15);
  expect(accuracy([1, 2, 9, 3, 7, 7, 5, 4], targets, { ignored: 0 })).toBe(0.8);
});

test("exact matches, of one reference or several", () => {
  expect(exactMatch(["a", "b", "c", "D"], ["a", ["x", "b"], "C", "d"])).toBe(0.5);
  expect(exactMatch(["D"], ["d"], { normalise: (text) => text.toUpperCase() })).toBe(1);
  expect(() => exactMatch([], [])).toThrow("exactMatch: there are no hypotheses to score");
});

test("perplexity", () => {
  expect(perplexity(0)).toBe(1);
  expect(perplexity(Math.log(65))).toBeCloseTo(65, 10);
  expect(() => perplexity(Number.NaN)).toThrow("perplexity: loss must be a number, got NaN");
});

test("what cannot be scored is refused by name", () => {
  expect(() => accuracy([1], [1, 2])).toThrow(
    "accuracy: expected as many predictions as targets, got 1 predictions and 2 targets",
  );
  expect(() => accuracy([], [])).toThrow("accuracy: nothing to score: there are no targets");
  expect(() => accuracy([1, 1], [-100, -100])).toThrow("accuracy: nothing to score: each of the 2 targets is -100");
  expect(() => sequenceAccuracy([1, 1, 1], [1, 1, 1], 2)).toThrow(
    "sequenceAccuracy: 3 targets are no whole number of rows of 2. Give the length of a row.",
  );
  expect(() => f1([0, 1.5], [0, 1])).toThrow(
    "f1: the prediction at place 1 is no class: expected a whole number from 0 up, got 1.5",
  );
  expect(() => matthews([0, 1], [0, 3], { classes: 2 })).toThrow(
    "matthews: the target at place 1 is no class: expected a whole number from 0 to 1, got 3",
  );
  expect(() => confusion([0], [0], { classes: 0 })).toThrow(
    "confusion: classes must be a whole number from 1 up, got 0",
  );
  expect(() => pearson([1], [2])).toThrow("pearson: expected at least two pairs of numbers, got 1");
  expect(() => spearman([1, Number.NaN], [2, 3])).toThrow("spearman: the prediction at place 1 is not finite, but NaN");
  expect(() => spearman([1, 2], [2])).toThrow("spearman: expected as many predictions as targets, got 2 predictions");
});
