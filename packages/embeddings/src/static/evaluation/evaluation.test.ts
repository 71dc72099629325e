import { existsSync, readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { goldens } from "../../../test/word-vectors.ts";
import type { WordLookup } from "../word-lookup.ts";
import { WordVectors } from "../word-vectors.ts";
import { parseAnalogies } from "./analogy-set.ts";
import { pearson, spearman } from "./correlation.ts";
import { evaluateAnalogies } from "./evaluate-analogies.ts";
import { evaluateSimilarities } from "./evaluate-similarities.ts";
import { parseSimilarities } from "./similarity-set.ts";

const { vectors, questions, pairs, scores } = goldens();
const [analogies, judged] = [parseAnalogies(questions), parseSimilarities(pairs)];

test.each(scores)("accuracies and correlations are gensim's: the first $first, folded: $foldCase", (golden) => {
  const { first, foldCase } = golden;
  const { sections, total } = evaluateAnalogies(vectors, analogies, { first, foldCase });
  const told = [...sections, { ...total, name: "Total accuracy" }];
  expect(told.map(({ name, right, wrong }) => [name, right, wrong])).toEqual(golden.sections);
  expect(total.accuracy).toBeCloseTo(golden.accuracy, 12);
  const asked = analogies.reduce((sum, section) => sum + section.questions.length, 0);
  expect(total.right + total.wrong + total.missing).toBe(asked);
  const found = evaluateSimilarities(vectors, judged, { first, foldCase });
  expect(found.spearman).toBeCloseTo(golden.spearman, 9);
  expect(found.pearson).toBeCloseTo(golden.pearson, 5);
  expect((100 * found.missing) / (found.missing + found.pairs)).toBeCloseTo(golden.missing, 9);
});

test("what is missing may count as wrong, or as not similar at all", () => {
  const { total } = evaluateAnalogies(vectors, analogies, { missing: "wrong" });
  expect([total.right, total.wrong, total.missing]).toEqual([5, 8, 2]);
  const { pairs, missing } = evaluateSimilarities(vectors, judged, { missing: "zero" });
  expect([pairs, missing]).toEqual([11, 1]);
  expect(evaluateAnalogies(vectors, analogies, { method: "multiply" }).total.right).toBeGreaterThan(0);
});

test("a word of the question in another case is no answer, unless cases are matched", () => {
  const words = ["here", "there", "Sun", "sun", "Moon"];
  const alike = new WordVectors({ words, data: Float32Array.of(0, 1, 0, 1, 1, 0.1, 1, 0.2, 0.5, 0.5) });
  const set = parseAnalogies(": sky\nhere there Sun Moon\n");
  expect(evaluateAnalogies(alike, set).total).toMatchObject({ right: 1, wrong: 0 });
  expect(evaluateAnalogies(alike, set, { foldCase: false }).total).toMatchObject({ right: 0, wrong: 1 });
});

test("a model that makes vectors for any word is asked for each as it is spelled", () => {
  const lookup: WordLookup = { width: 6, vector: (word) => vectors.vector(word.toLowerCase()) };
  // Neither moon and sun nor, in small letters, Rome and Italy.
  expect(evaluateSimilarities(lookup, judged)).toMatchObject({ pairs: 9, missing: 2 });
  expect(() => evaluateSimilarities(lookup, judged, { first: 5 })).toThrow(
    "`first` and `foldCase` are for a table of words",
  );
});

test("equal numbers share their ranks, as with scipy", () => {
  // scipy.stats.spearmanr([1, 2, 2, 3, 3, 3], [2, 1, 4, 4, 5, 9]).statistic
  expect(spearman([1, 2, 2, 3, 3, 3], [2, 1, 4, 4, 5, 9])).toBeCloseTo(0.7671247565793082, 12);
  expect(pearson([1, 1], [2, 3])).toBeNaN();
  expect(() => pearson([1], [2])).toThrow("at least 2, got 1 and 1 numbers");
});

test("sets that are no sets, and options that make no sense, are refused", () => {
  expect(() => parseAnalogies("a b c d\n", "q.txt")).toThrow(
    `q.txt, line 1: expected a section's name behind a colon, got "a b c d"`,
  );
  expect(() => parseAnalogies(": s\na b c\n", "q.txt")).toThrow(
    'q.txt, line 2: expected four words, got "a b c". Correct the line',
  );
  expect(() => parseAnalogies("\n: s\n", "q.txt")).toThrow("q.txt: there are no questions in it");
  expect(() => parseSimilarities("a b 3\n", "p.tsv")).toThrow(
    "p.tsv, line 1: expected two words and a number with tabs between them",
  );
  expect(() => parseSimilarities("a\tb\t\n", "p.tsv")).toThrow("p.tsv, line 1");
  expect(() => parseSimilarities("#\na\tb\t1\n", "p.tsv")).toThrow("takes two pairs at least, and it has 1");
  expect(() => evaluateAnalogies(vectors, analogies, { first: 0 })).toThrow(
    "`first` is a whole number from 1 up, got 0",
  );
  expect(() => evaluateAnalogies(vectors, analogies, { missing: "no" as "wrong" })).toThrow(
    '`missing` is "left out" or "wrong"',
  );
  expect(() => evaluateSimilarities(vectors, judged, { missing: "no" as "zero" })).toThrow(
    '`missing` is "left out" or "zero"',
  );
  expect(() => evaluateSimilarities(vectors, judged, { first: 1 })).toThrow(
    "only 0 of 11 pairs have vectors for both words",
  );
});

const shared = new URL("../../../../../../shared/data/word-vectors/", import.meta.url);
// They lie beside a checkout of the project, not in it.
test.skipIf(!existsSync(shared))("the sets that everybody uses are read", () => {
  const read = (name: string): string => readFileSync(new URL(name, shared), "utf8");
  const sections = parseAnalogies(read("questions-words.txt"));
  expect([sections.length, sections.reduce((sum, { questions }) => sum + questions.length, 0)]).toEqual([14, 19544]);
  expect([parseSimilarities(read("wordsim353.tsv")).length, parseSimilarities(read("simlex999.txt")).length]).toEqual([
    353, 999,
  ]);
});
