import { cast, cpu } from "@tenon/tensor";
import { expect, test } from "vitest";
import { markovModel } from "../../test/markov-model.ts";
import { collect } from "../../test/generations.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "./function-model.ts";
import { predictor } from "./model-predictor.ts";

const table = [
  [0, 2, -1],
  [-1, 0, 2],
  [2, -1, 0],
];

test("what was read is read once: the prompt of a second call goes on where the first ended", async () => {
  const on = cpu();
  const inner = markovModel(on, table);
  {
    using model = predictor({
      ...inner,
      cache: () => Object.assign(inner.cache(), { crop() {}, select() {} }), // order 1: nothing to go back in
    });
    const first = await collect(generate(model, [0, 1], { maxTokens: 3 }));
    const ids = [0, 1, ...first.map(({ id }) => id), 2, 0];
    const second = generate(model, ids, { maxTokens: 2 });
    await collect(second);
    expect(second.statistics).toMatchObject({ promptTokens: 7, reusedTokens: 4 });
    expect(inner.calls).toEqual([2, 1, 1, 3, 1]);
  }
});

test("a cache that cannot go back is begun anew, and the answers are the same", async () => {
  const on = cpu();
  const inner = markovModel(on, table, { second: [...table].reverse() });
  using model = predictor(inner);
  const [long] = await model.predict([[0, 1, 2, 2]]);
  const [short] = await model.predict([[0, 1]]);
  const [again] = await model.predict([[0, 1, 2, 2]]);
  expect(again!.logits).toEqual(long!.logits);
  expect(short!.logits).not.toEqual(long!.logits);
  expect([long!.read, short!.read, again!.read]).toEqual([4, 2, 2]);
});

test("several logits at once are those that come one by one", async () => {
  using model = predictor(markovModel(cpu(), table, { second: [...table].reverse() }));
  const ids = [0, 2, 1, 1];
  const [all] = await model.predict([ids], { logits: 3 });
  for (const [i, logits] of all!.logits.entries())
    expect([logits]).toEqual((await model.predict([ids.slice(0, 2 + i)]))[0]!.logits);
});

test("a plain function is decoded as a model is", async () => {
  const inner = markovModel(cpu(), table);
  const plain = functionModel((ids) => table[ids.at(-1)!]!, { vocabulary: 3 });
  const found = await collect(generate(inner, [0], { maxTokens: 5 }));
  expect(await collect(generate(plain, [0], { maxTokens: 5 }))).toEqual(found);
});

test("what cannot be answered is refused", async () => {
  using model = predictor(markovModel(cpu(), table, { context: 4 }));
  await expect(model.predict([[]])).rejects.toThrow("Sequence 0 has 0 ids; a model predicts what follows 1 to 4");
  await expect(model.predict([[0], [1, 3]])).rejects.toThrow(
    "Sequence 1 has the id 3, but this model's ids go from 0 to 2",
  );
  await expect(model.predict([[0], [1, 2]])).rejects.toThrow(
    "Sequences of 1 to 2 ids cannot share a batch of this model",
  );
  await expect(model.predict([[0]], { states: 1 })).rejects.toThrow("needs the model's hidden states");
  await expect(model.predict([[0]], { attention: true })).rejects.toThrow("needs to know where the model looks");
  await expect(model.predict([[0]], { logits: 2 })).rejects.toThrow("sequence 0 has 1; the number is from 1 to that");
  await expect(functionModel(() => [1], { vocabulary: 2 }).predict([[0]])).rejects.toThrow(
    "The function gave 1 logits after 1 ids",
  );
});

test("logits of half precision are refused with the way out", async () => {
  const inner = markovModel(cpu(), table);
  using model = predictor({ ...inner, next: (...given) => cast(inner.next(...given), "f16") });
  await expect(model.predict([[0]])).rejects.toThrow(
    'model.next() returned f16 [1, 3] for one sequence, but the logits of its last position are f32 [1, 3]. Cast them, as in cast(x, "f32").',
  );
});

test("an option of a plain function that does not exist is refused", () => {
  const misspelt = { vocabulary: 2, contexts: 8 };
  expect(() => functionModel(() => [0, 1], misspelt)).toThrow(
    'functionModel() has no option "contexts". It has vocabulary, context, state, attention.',
  );
});
