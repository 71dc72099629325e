import { cpu, random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { pieceDecoder } from "../../test/decoders.ts";
import { collect } from "../../test/generations.ts";
import { markovModel } from "../../test/markov-model.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import type { Predictor } from "../predict/predictor.ts";
import { beamSearch } from "./beam-search.ts";
import { lengthNormalised } from "./length-normalised.ts";

const stream = random(5).fork("tables");
const table = (): number[][] => Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => 2 * stream.normal()));
const [first, second] = [table(), table()];
const logitsAfter = (ids: readonly number[]): number[] =>
  first[ids.at(-1)!]!.map((logit, id) => logit + (ids.length > 1 ? second[ids.at(-2)!]![id]! : 0));
const model = functionModel(logitsAfter, { vocabulary: 4 });
/** Sharper from step to step, so that no two sequences of the same transitions are equally probable. */
const sharper = (ids: readonly number[]): number[] => logitsAfter(ids).map((logit) => logit * (1 + ids.length / 9));

/** A predictor that writes down what it is asked. */
function overheard(inner: Predictor): Predictor & { readonly asked: number[][][] } {
  const asked: number[][][] = [];
  return {
    vocabulary: inner.vocabulary,
    context: inner.context,
    asked,
    predict(sequences, wanted) {
      asked.push(sequences.map((ids) => [...ids]));
      return inner.predict(sequences, wanted);
    },
  };
}

/** Every sequence of up to five tokens that ends with a stop token or has five, with its log-probability. */
function everySequence(stop: number | undefined, ids: number[] = [], sum = 0): { ids: number[]; sum: number }[] {
  if (ids.length === 5 || (ids.length > 0 && ids.at(-1) === stop)) return [{ ids, sum }];
  const logits = sharper([2, 1, ...ids]);
  const normaliser = Math.log(logits.reduce((total, logit) => total + Math.exp(logit), 0));
  return logits.flatMap((logit, id) => everySequence(stop, [...ids, id], sum + logit - normaliser));
}

test.each([
  [undefined, 0, 1024],
  [3, 0, 364],
  [3, 0.6, 364],
  [0, 2, 364],
  [0, -1, 364],
])(
  "as many beams as there are sequences find all of them, the best first: stop %s, alpha %d",
  async (stop, alpha, count) => {
    const all = everySequence(stop)
      .map(({ ids, sum }) => ({ ids, sum, score: sum / ids.length ** alpha }))
      .sort((a, b) => b.score - a.score);
    const { hypotheses } = await beamSearch(functionModel(sharper, { vocabulary: 4 }), [2, 1], {
      beams: 1024,
      maxTokens: 5,
      stop: stop === undefined ? [] : [stop],
      score: lengthNormalised(alpha),
    });
    expect(hypotheses).toHaveLength(count);
    expect(hypotheses.map(({ ids }) => ids)).toEqual(all.map(({ ids }) => ids));
    for (const [i, { sum, score }] of all.entries()) {
      expect(hypotheses[i]!.score).toBeCloseTo(score, 4);
      expect(hypotheses[i]!.logProbability).toBeCloseTo(sum, 5);
    }
  },
);

test("a tensor model with a cache finds what a plain function does, and gives its memory back", async () => {
  const on = cpu();
  const inner = markovModel(on, first, { second });
  const base = on.memory();
  const options = { beams: 3, maxTokens: 6, stop: [3] };
  const found = await beamSearch(inner, [2, 1], options);
  const plain = await beamSearch(model, [2, 1], options);
  expect(found.hypotheses.map(({ ids }) => ids)).toEqual(plain.hypotheses.map(({ ids }) => ids));
  expect(on.memory()).toEqual(base);
});

test.each([[], [3], [0, 1]])("one beam is greedy decoding: stop %s", async (...stop) => {
  for (const prompt of [[0], [1, 2], [3, 3, 0]]) {
    const options = { maxTokens: 8, stop };
    const greedy = await collect(generate(model, prompt, options));
    const { hypotheses } = await beamSearch(model, prompt, { beams: 1, ...options });
    expect(hypotheses[0]!.ids).toEqual(greedy.map(({ id }) => id));
    for (const [i, one] of hypotheses[0]!.logProbabilities.entries())
      expect(one).toBeCloseTo(greedy[i]!.logProbability, 12);
  }
});

test("the model is asked once per step, for every beam of every group, and never for one sequence twice", async () => {
  const listened = overheard(model);
  const { statistics } = await beamSearch(listened, [2, 1], {
    beams: 4,
    groups: 2,
    diversityPenalty: 0.1,
    maxTokens: 4,
  });
  expect(listened.asked).toHaveLength(4);
  expect(listened.asked[0]).toEqual([[2, 1]]);
  for (const sequences of listened.asked) expect(new Set(sequences.map(String)).size).toBe(sequences.length);
  const readTokens = listened.asked.flat().reduce((sum, ids) => sum + ids.length, 0);
  expect(statistics).toMatchObject({ promptTokens: 2, reusedTokens: 0, steps: 4, readTokens });
});

test("where there are fewer continuations than beams there are fewer hypotheses, all different and all possible", async () => {
  const narrow = functionModel((ids) => (ids.length > 1 ? [-Infinity, 0, -Infinity] : [1, 0, -Infinity]), {
    vocabulary: 3,
  });
  const { hypotheses } = await beamSearch(narrow, [0], { beams: 5, maxTokens: 3 });
  expect(hypotheses.map(({ ids }) => ids)).toEqual([
    [0, 1, 1],
    [1, 1, 1],
  ]);
  for (const { score } of hypotheses) expect(score).toBeGreaterThan(-2);
});

test("when every beam has ended the search has, too", async () => {
  const ending = functionModel((ids) => (ids.length > 2 ? [0, -Infinity] : [0, 1]), { vocabulary: 2 });
  const { hypotheses, statistics } = await beamSearch(ending, [1], { beams: 4, maxTokens: 50, stop: [0] });
  expect(hypotheses.map(({ ids }) => ids)).toEqual([[1, 1, 0], [1, 0], [0]]);
  expect(statistics.steps).toBe(3);
});

test("of equal continuations those of the earlier beam come first, then those with the smaller id", async () => {
  const even = functionModel(() => [0, 0, 0], { vocabulary: 3 });
  const { hypotheses } = await beamSearch(even, [0], { beams: 4, maxTokens: 2 });
  expect(hypotheses.map(({ ids }) => ids)).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
  ]);
});

test("groups keep apart: each goes its own way, and what two of them find comes once", async () => {
  const likely = functionModel(() => [1, 0.9, -1], { vocabulary: 3 });
  const options = { beams: 2, groups: 2, maxTokens: 1 };
  const apart = await beamSearch(likely, [0], { ...options, diversityPenalty: 0.5 });
  expect(apart.hypotheses.map(({ ids }) => ids)).toEqual([[0], [1]]);
  const together = await beamSearch(likely, [0], { ...options, diversityPenalty: 0.05 });
  expect(together.hypotheses.map(({ ids }) => ids)).toEqual([[0]]);
});

test("a penalty is in the score and not in the log-probability", async () => {
  const penalised = { name: "no zeros", apply: (z: Float32Array) => z.map((one, id) => (id === 0 ? one - 3 : one)) };
  const even = functionModel(() => [0, 0], { vocabulary: 2 });
  const { hypotheses } = await beamSearch(even, [0], { beams: 2, maxTokens: 1, transforms: [penalised] });
  const half = Math.log(0.5);
  expect(hypotheses.map(({ ids }) => ids)).toEqual([[1], [0]]);
  expect(hypotheses[1]!.score).toBeCloseTo(half - 3, 6);
  expect(hypotheses[1]!.logProbability).toBeCloseTo(half, 12);
});

test("a transform sees log-probabilities, the ids so far, and where the prompt ends", async () => {
  const seen: unknown[] = [];
  const spy = {
    name: "spy",
    apply(z: Float32Array, context: object) {
      seen.push([z.reduce((sum, one) => sum + Math.exp(one), 0).toFixed(5), context]);
      return z.slice();
    },
  };
  await beamSearch(model, [2, 1], { beams: 1, maxTokens: 2, transforms: [spy] });
  const [best] = (await beamSearch(model, [2, 1], { beams: 1, maxTokens: 1 })).hypotheses;
  expect(seen).toEqual([
    ["1.00000", { ids: [2, 1], promptLength: 2 }],
    ["1.00000", { ids: [2, 1, ...best!.ids], promptLength: 2 }],
  ]);
});

test("each hypothesis has its text, without that of a stop token", async () => {
  const decoder = (): ReturnType<typeof pieceDecoder> => pieceDecoder(["a", "b", "."]);
  const short = functionModel((ids) => (ids.length > 1 ? [0, 1, 2] : [0, 1, 0.5]), { vocabulary: 3 });
  const { hypotheses } = await beamSearch(short, [0], { beams: 3, maxTokens: 2, stop: [2], decoder, results: 2 });
  expect(hypotheses.map(({ ids, text, stopReason }) => [ids, text, stopReason])).toEqual([
    [[1, 2], "b", "token"],
    [[1, 1], "bb", "length"],
  ]);
});
