import { cpu, random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { collect } from "../../test/generations.ts";
import { markovModel } from "../../test/markov-model.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import { predictor } from "../predict/model-predictor.ts";
import { sample } from "../strategies/sample.ts";
import { draftModel } from "./draft-model.ts";
import { speculative } from "./speculative.ts";

const table = [
  [0, 2, -1],
  [-1, 0, 2],
  [2, -1, 0],
];
const second = [
  [1, 0, 0],
  [0, 0, 2],
  [0, 1, 0],
];
const model = functionModel((ids) => table[ids.at(-1)!]!, { vocabulary: 3 });

test("with the same randomness at the same place, a like-minded draft draws what the model draws", async () => {
  const warmer = functionModel((ids) => table[ids.at(-1)!]!.map((z) => 1.1 * z), { vocabulary: 3 });
  const search = speculative({ draft: draftModel(warmer) });
  const generation = generate(model, [0], { search, strategy: sample(random(5)), maxTokens: 300 });
  await collect(generation);
  const { draftedTokens, acceptedTokens } = generation.statistics;
  // Two independent draws would agree in about 64 of 100 cases: the sum of the squares of p.
  expect(acceptedTokens / draftedTokens).toBeGreaterThan(0.9);
});

test("where the draft's context ends it proposes fewer ids, then none", async () => {
  const asked: number[] = [];
  const small = functionModel((ids) => (asked.push(ids.length), table[ids.at(-1)!]!), { vocabulary: 3, context: 6 });
  const generation = generate(model, [0, 1], {
    search: speculative({ draft: draftModel(small), tokens: 3 }),
    maxTokens: 10,
  });
  expect(await collect(generation)).toHaveLength(10);
  // Three ids after two, and one the model adds; one more after six.
  expect(asked).toEqual([2, 3, 4, 6]);
  expect(generation.statistics).toMatchObject({ draftedTokens: 4, acceptedTokens: 4 });
});

test("a draft ends where the text would", async () => {
  const search = speculative({ draft: draftModel(model), tokens: 8 });
  const generation = generate(model, [0], { search, stop: [0] });
  expect((await collect(generation)).map(({ id }) => id)).toEqual([1, 2, 0]);
  expect(generation.statistics).toMatchObject({ draftedTokens: 3, acceptedTokens: 3 });
});

test("what it makes is given back at the end, after an early leave and after an error", async () => {
  const on = cpu();
  const small = markovModel(on, table, { second });
  const base = on.memory();
  const draft = draftModel(small);
  const search = speculative({ draft });
  await collect(generate(model, [0, 1], { search, maxTokens: 9 }));
  expect(small.calls.length).toBeGreaterThan(5);
  expect(on.memory()).toEqual(base);

  const one = generate(model, [0, 1], { search });
  const other = generate(model, [0, 1], { search, maxTokens: 9 });
  await one.next();
  await other.next();
  expect(on.memory().tensors).toBeGreaterThan(base.tensors);
  await one.return();
  expect(await collect(other)).toHaveLength(8); // its draft is its own
  expect(on.memory()).toEqual(base);

  const failing = functionModel((ids) => (ids.length > 5 ? [NaN, 0, 0] : table[ids.at(-1)!]!), { vocabulary: 3 });
  await expect(collect(generate(failing, [0, 1], { search }))).rejects.toThrow("NaN");
  expect(on.memory()).toEqual(base);
});

test("a predictor that is given stays", async () => {
  const on = cpu();
  using small = predictor(markovModel(on, table));
  const search = speculative({ draft: draftModel(small) });
  await collect(generate(model, [0], { search, maxTokens: 5 }));
  expect(await collect(generate(model, [0], { search, maxTokens: 5 }))).toHaveLength(5);
});

test("logits of the draft that cannot be chosen from are told as the draft's", async () => {
  const broken = functionModel(() => [NaN, 0, 0], { vocabulary: 3 });
  const generation = generate(model, [0, 1], { search: speculative({ draft: draftModel(broken) }) });
  await expect(generation.next()).rejects.toThrow("the draft model's logits after 2 tokens: NaN for token id 0 of 3");
});
