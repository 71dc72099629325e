import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";
import { markovModel } from "../../test/markov-model.ts";
import { collect } from "../../test/generations.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import { ensemble } from "./ensemble.ts";

const table = [
  [0, 2, -1],
  [-1, 0, 2],
  [2, -1, 0],
];
const log = (...probabilities: number[]): number[] => probabilities.map((p) => Math.log(p) + 5); // logits know no offset
const one = functionModel(() => log(0.5, 0.25, 0.25), { vocabulary: 3, context: 9 });
const two = functionModel(() => log(0.1, 0.1, 0.8), { vocabulary: 3, context: 7 });
const probabilities = async (model: ReturnType<typeof ensemble>): Promise<number[]> => {
  const [prediction] = await model.predict([[0]]);
  const weights = Array.from(prediction!.logits[0]!, Math.exp);
  return weights.map((weight) => weight / weights.reduce((sum, other) => sum + other, 0));
};
const expectNear = (found: readonly number[], expected: readonly number[]): void => {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 6);
};

test("of probabilities: the weighted mean, already normalised", async () => {
  const model = ensemble([{ model: one, weight: 3 }, two]);
  expectNear(await probabilities(model), [0.4, 0.2125, 0.3875]);
  const [prediction] = await model.predict([[0]]);
  expect(prediction!.logits[0]![0]).toBeCloseTo(Math.log(0.4), 6);
  expect([model.vocabulary, model.context]).toEqual([3, 7]);
});

test("of logits: the product of powers", async () => {
  const powers = [0.5 ** 0.75 * 0.1 ** 0.25, 0.25 ** 0.75 * 0.1 ** 0.25, 0.25 ** 0.75 * 0.8 ** 0.25];
  const total = powers.reduce((sum, power) => sum + power, 0);
  const found = await probabilities(ensemble([{ model: one, weight: 3 }, two], { of: "logits" }));
  expectNear(
    found,
    powers.map((power) => power / total),
  );
});

test.each(["probabilities", "logits"] as const)(
  "of %s: a model with itself is the model, cache and all",
  async (of) => {
    const on = cpu();
    const inner = markovModel(on, table, { second: [...table].reverse() });
    const base = on.memory();
    const expected = await collect(generate(inner, [0, 1], { maxTokens: 8 }));
    inner.calls.length = 0;
    {
      using model = ensemble([inner, { model: inner, weight: 4 }], { of });
      const found = await collect(generate(model, [0, 1], { maxTokens: 8 }));
      expect(found.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      expectNear(
        found.map(({ logProbability }) => logProbability),
        expected.map(({ logProbability }) => logProbability),
      );
      expect(inner.calls).toEqual([2, 2, ...new Array<number>(14).fill(1)]);
      const [several] = await model.predict([[0, 1, 2, 2]], { logits: 3 });
      expect(several!.logits).toHaveLength(3);
      expect(on.memory().tensors).toBeGreaterThan(base.tensors);
    }
    expect(on.memory()).toEqual(base);
  },
);

test("an excluded token: one model is enough for a product, a mixture needs all", async () => {
  const never = functionModel(() => [0, 0, -Infinity], { vocabulary: 3 });
  expectNear(await probabilities(ensemble([never, two])), [0.3, 0.3, 0.4]);
  expect((await probabilities(ensemble([never, two], { of: "logits" })))[2]).toBe(0);
  expect((await probabilities(ensemble([never, never])))[2]).toBe(0);
});

test("what cannot be combined is refused", async () => {
  const other = functionModel(() => [0, 0], { vocabulary: 2 });
  expect(() => ensemble([])).toThrow("An ensemble has at least one model, got none");
  expect(() => ensemble([one, other])).toThrow(
    "The models of an ensemble have one vocabulary, and these have 3, 2 ids. Take models of the same tokenizer.",
  );
  for (const weight of [0, -1, Number.NaN, Infinity]) {
    expect(() => ensemble([one, { model: two, weight }])).toThrow(
      `The weight of model 1 is ${weight}; it is a finite number above 0. Leave a model out that has no say.`,
    );
  }
  expect(() => ensemble([one], { of: "votes" as never })).toThrow(
    'An ensemble is of "probabilities" or of "logits", got "votes"',
  );
  expect(() => ensemble([one], { weights: [1] } as never)).toThrow('ensemble() has no option "weights". It has of.');
  await expect(ensemble([one]).predict([[0]], { states: 1 })).rejects.toThrow(
    "An ensemble combines logits, and has no hidden states of its own",
  );
  await expect(ensemble([one]).predict([[0]], { attention: true })).rejects.toThrow("has no attention of its own");
  const broken = functionModel(() => [0, 0, Number.NaN], { vocabulary: 3 });
  await expect(ensemble([one, broken]).predict([[0, 1]])).rejects.toThrow(
    "the logits of model 1 after 2 tokens: NaN for token id 2 of 3",
  );
});
