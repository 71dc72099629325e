import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";
import { markovModel } from "../../test/markov-model.ts";
import { functionModel } from "../predict/function-model.ts";
import { beamSearch } from "./beam-search.ts";
import { gnmtScore } from "./gnmt-score.ts";
import { lengthNormalised } from "./length-normalised.ts";

test("length and coverage count as the paper says", () => {
  const coverage = Float64Array.of(0.25, 1.75, 0.5);
  const expected = -5 / ((5 + 4) / 6) ** 0.2 + 0.3 * (Math.log(0.25) + Math.log(1) + Math.log(0.5));
  expect(gnmtScore({ alpha: 0.2, beta: 0.3 }).score(-5, 4, coverage)).toBeCloseTo(expected, 12);
  expect(gnmtScore({}).score(-5, 4)).toBe(-5);
  expect(gnmtScore({ beta: 1 }).score(-5, 4, Float64Array.of(0, 1))).toBeGreaterThan(-Infinity);
});

/** Looks at the source position that the last id names, with most of its weight. */
const source = (ids: readonly number[]): number[] => [0, 1, 2].map((i) => (i === ids.at(-1) ? 0.8 : 0.1));
const logits = (): number[] => [0.4, 0.2, 0];
const looking = functionModel(logits, { vocabulary: 3, attention: source });

test("a coverage penalty prefers the hypothesis that looked at all of the source", async () => {
  const options = { beams: 27, maxTokens: 3 };
  const plain = await beamSearch(looking, [0], { ...options, score: gnmtScore({ alpha: 1 }) });
  expect(plain.hypotheses[0]!.ids).toEqual([0, 0, 0]);
  const covering = await beamSearch(looking, [0], { ...options, score: gnmtScore({ alpha: 1, beta: 1 }) });
  // The last token was chosen when the model looked from the one before it: 0, then the first two of these.
  expect(covering.hypotheses[0]!.ids).toEqual([1, 2, 0]);
  for (const { ids, score, logProbability } of covering.hypotheses) {
    const looked = [[0], [ids[0]!], [ids[1]!]].map(source);
    const penalty = [0, 1, 2].reduce(
      (sum, i) => sum + Math.log(Math.min(1, looked[0]![i]! + looked[1]![i]! + looked[2]![i]!)),
      0,
    );
    expect(score).toBeCloseTo(logProbability / (8 / 6) + penalty, 5);
  }
});

test("without a coverage penalty the model need not tell where it looks; with one it must", async () => {
  const blind = functionModel(logits, { vocabulary: 3 });
  const found = await beamSearch(blind, [0], { beams: 2, maxTokens: 2, score: gnmtScore({ alpha: 0.5 }) });
  expect(found.hypotheses).toHaveLength(2);
  const options = { beams: 2, maxTokens: 2, score: gnmtScore({ beta: 0.1 }) };
  await expect(beamSearch(blind, [0], options)).rejects.toThrow("needs the model's attention");
  await expect(beamSearch(markovModel(cpu(), [logits(), logits(), logits()]), [0], options)).rejects.toThrow(
    "the model has no attention(cache). Leave the coverage penalty out.",
  );
});

test("an option that does not exist is refused", () => {
  const misspelt = { alpha: 0.2, betta: 0.2 };
  expect(() => gnmtScore(misspelt)).toThrow('gnmtScore() has no option "betta". It has alpha, beta.');
});

test("numbers that are no exponents and no weights are refused", () => {
  expect(() => gnmtScore({ alpha: NaN })).toThrow("gnmtScore()'s alpha is a finite number, got NaN");
  expect(() => gnmtScore({ beta: -1 })).toThrow("gnmtScore()'s beta is a finite number of at least 0, got -1");
  expect(() => lengthNormalised(Infinity)).toThrow("lengthNormalised(alpha) needs a finite number, got Infinity");
});
