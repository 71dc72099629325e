import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { minimumBayesRisk } from "./minimum-bayes-risk.ts";
import { ngramOverlap } from "./ngram-overlap.ts";

test("by hand: expected utilities of a table that is not symmetric, with weights", () => {
  const table = [
    [1, 0.5, 0],
    [0.2, 1, 0.6],
    [0.4, 0.9, 1],
  ];
  const utility = (candidate: number, reference: number): number => table[candidate]![reference]!;
  const even = minimumBayesRisk([0, 1, 2], { utility });
  expect(even.map(({ candidate }) => candidate)).toEqual([2, 1, 0]);
  for (const [i, expected] of [2.3 / 3, 1.8 / 3, 1.5 / 3].entries())
    expect(even[i]!.expectedUtility).toBeCloseTo(expected, 12);
  const heavy = minimumBayesRisk([0, 1, 2], { utility, weights: [6, 1, 1] });
  expect(heavy.map(({ candidate }) => candidate)).toEqual([0, 2, 1]); // 6.5/8, 4.3/8, 2.8/8
  expect(heavy[0]!.expectedUtility).toBeCloseTo(6.5 / 8, 12);
});

test("what most candidates are wins; of equal ones, the first", () => {
  const dice = random(3);
  for (let round = 0; round < 100; round++) {
    const text = (): string => Array.from({ length: 6 }, () => dice.pick([..."abcd"])).join("");
    const majority = text();
    const others = Array.from({ length: 1 + dice.integer(4) }, text);
    const candidates = dice.shuffle([...others, ...new Array<string>(others.length + 1).fill(majority)]);
    expect(minimumBayesRisk([...candidates], { utility: (a, b) => (a === b ? 1 : 0) })[0]!.candidate).toBe(majority);
  }
  expect(minimumBayesRisk(["a", "b"], { utility: () => 1 })[0]!.candidate).toBe("a");
});

test("nonsense is refused", () => {
  const utility = (): number => 1;
  expect(() => minimumBayesRisk([], { utility })).toThrow(
    "minimumBayesRisk() chooses from at least one candidate, got none",
  );
  for (const weights of [[1], [1, -1], [0, 0], [1, Number.NaN], [1, Infinity]]) {
    expect(() => minimumBayesRisk(["a", "b"], { utility, weights })).toThrow(
      `weights are 2 finite numbers, one for each candidate, of at least 0 and not all 0; got [${weights.join(", ")}]`,
    );
  }
  expect(() => minimumBayesRisk(["a", "b"], { utility: (a, b) => (a === b ? 1 : Number.NaN) })).toThrow(
    "The utility of candidate 0 with candidate 1 as the right one is NaN; it is a finite number",
  );
  expect(() => minimumBayesRisk(["a"], { utility, metric: 1 } as never)).toThrow(
    'minimumBayesRisk() has no option "metric". It has utility, weights.',
  );
});

test("n-gram overlap by hand", () => {
  const bigrams = ngramOverlap(2);
  expect(bigrams([1, 2, 3, 1, 2], [1, 2, 1, 2])).toBeCloseTo((2 * 2) / 7, 12); // 12 twice of {12, 23, 31, 12}, {12, 21, 12}
  expect(bigrams("banana", "bandana")).toBeCloseTo((2 * 4) / 11, 12); // ba, an twice, na once
  expect(bigrams(["the", "cat"], ["the", "cat"])).toBe(1);
  expect(bigrams([1, 23], [12, 3])).toBe(0); // ids are not digits
  expect(bigrams([7], [7, 8, 7])).toBe(0.5); // of unigrams: 1 of 4, twice
  expect([bigrams("", ""), bigrams("", "a")]).toEqual([1, 0]);
  expect(ngramOverlap(1)("😀a", "😁a")).toBe(0.5); // whole characters
  expect(bigrams(Int32Array.of(1, 2), [1, 2])).toBe(1);
});

test("n-gram overlap is symmetric, 1 with itself, and needs a number of pieces", () => {
  const dice = random(4);
  const overlap = ngramOverlap(3);
  for (let round = 0; round < 100; round++) {
    const ids = (): number[] => Array.from({ length: dice.integer(9) }, () => dice.integer(3));
    const [a, b] = [ids(), ids()];
    expect(overlap(a, b)).toBe(overlap(b, a));
    expect(overlap(a, a)).toBe(1);
    expect(overlap(a, b)).toBeLessThanOrEqual(1);
  }
  for (const n of [0, 1.5, Number.NaN]) {
    expect(() => ngramOverlap(n)).toThrow(
      `ngramOverlap(n) counts n-grams of at least 1 piece, n being a whole number, got ${n}`,
    );
  }
});
