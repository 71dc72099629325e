import { cpu, random, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { collect } from "../../test/generations.ts";
import { markovModel } from "../../test/markov-model.ts";
import { generate } from "./generate.ts";
import { greedy } from "../strategies/greedy.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import { sample } from "../strategies/sample.ts";
import type { Strategy } from "../strategies/strategy.ts";
import { temperature } from "../transforms/temperature.ts";
import { topK } from "../transforms/top-k.ts";

const first = [
  [0, 2, -1, 1],
  [1, 0, 2, -1],
  [2, 1, 0, 1],
  [-1, 1, 2, 0],
];
const second = [
  [1, 0, 0, 3],
  [0, 3, 1, 0],
  [3, 0, 0, 1],
  [0, 1, 3, 0],
];
const backend = cpu();
const idsOf = async (...input: Parameters<typeof generate>): Promise<number[]> =>
  (await collect(generate(...input))).map(({ id }) => id);

/** log softmax, written out. */
function logProbability(logits: readonly number[], id: number): number {
  return logits[id]! - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
}
const logitsAfter = (ids: readonly number[]): number[] =>
  first[ids.at(-1)!]!.map((logit, id) => logit + (ids.length > 1 ? second[ids.at(-2)!]![id]! : 0));

test("the prompt goes in at once, then one token per call, and the cache carries what came before", async () => {
  const model = markovModel(backend, first, { second });
  const ids = [2, 0];
  for (const { id, step } of await collect(generate(model, ids, { maxTokens: 12 }))) {
    const logits = logitsAfter(ids);
    expect(id).toBe(logits.indexOf(Math.max(...logits)));
    expect(step).toBe(ids.length - 2);
    ids.push(id);
  }
  expect(ids).toHaveLength(14);
  expect(model.calls).toEqual([2, ...new Array<number>(11).fill(1)]);
});

test("log-probabilities and alternatives are the model's own, whatever the transforms and the strategy", async () => {
  const model = markovModel(backend, first, { second });
  const ids = [1];
  const options = {
    transforms: [temperature(5), topK(3)],
    strategy: sample(random(3)),
    maxTokens: 20,
    alternatives: 2,
  };
  for (const token of await collect(generate(model, ids, options))) {
    const logits = logitsAfter(ids);
    expect(token.logProbability).toBeCloseTo(logProbability(logits, token.id), 12);
    const order = [0, 1, 2, 3].sort((a, b) => logits[b]! - logits[a]! || a - b);
    expect(token.alternatives.map(({ id }) => id)).toEqual(order.slice(0, 2));
    for (const { id, logProbability: got } of token.alternatives)
      expect(got).toBeCloseTo(logProbability(logits, id), 12);
    ids.push(token.id);
  }
});

test("no alternatives unless asked for, all of them if asked for", async () => {
  const model = markovModel(backend, first);
  expect((await generate(model, [0]).next()).value).toMatchObject({ alternatives: [] });
  const [token] = await collect(generate(model, [0], { maxTokens: 1, alternatives: 4 }));
  expect(token!.alternatives.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0)).toBeCloseTo(1, 12);
});

test("the same seed gives the same ids, another seed others", async () => {
  const model = markovModel(backend, first, { second });
  const run = (seed: number): Promise<number[]> => idsOf(model, [0], { strategy: sample(random(seed)), maxTokens: 40 });
  expect(await run(1)).toEqual(await run(1));
  expect(await run(2)).not.toEqual(await run(1));
});

test("stopping and resuming from all ids goes on as if nothing had happened", async () => {
  const model = markovModel(backend, first, { second });
  const strategy = sample(random(9));
  const whole = await idsOf(model, [0, 1], { strategy, maxTokens: 30 });
  const start = await idsOf(model, [0, 1], { strategy, maxTokens: 13 });
  const rest = await idsOf(model, [0, 1, ...start], { strategy, maxTokens: 17 });
  expect([...start, ...rest]).toEqual(whole);
});

test("generations of one model do not disturb each other", async () => {
  const model = markovModel(backend, first, { second });
  const alone = await idsOf(model, [3], { strategy: sample(random(4)), maxTokens: 10 });
  const a = generate(model, [3], { strategy: sample(random(4)), maxTokens: 10 });
  const b = generate(model, [1, 2], { maxTokens: 10 });
  const ids: unknown[] = [];
  for (let n = 0; n < 10; n++) {
    ids.push(((await a.next()).value as { id: number }).id);
    await b.next();
  }
  expect(ids).toEqual(alone);
  await Promise.all([a.return(), b.return()]);
});

test("what a Markov chain generates has its transition probabilities (chi-square, 8 degrees of freedom)", async () => {
  const model = markovModel(backend, first);
  const ids = [
    0,
    ...(await idsOf(model, [0], { transforms: [topK(3)], strategy: sample(random(5)), maxTokens: 4000 })),
  ];
  let statistic = 0;
  for (const from of [0, 1, 2, 3]) {
    const counts = [0, 0, 0, 0];
    for (let n = 1; n < ids.length; n++) if (ids[n - 1] === from) counts[ids[n]!]!++;
    const row = first[from]!;
    const order = [0, 1, 2, 3].sort((a, b) => row[b]! - row[a]! || a - b).slice(0, 3);
    const total = order.reduce((sum, id) => sum + Math.exp(row[id]!), 0);
    const visits = counts.reduce((sum, count) => sum + count, 0);
    for (const id of [0, 1, 2, 3]) {
      const expected = order.includes(id) ? (visits * Math.exp(row[id]!)) / total : 0;
      if (expected === 0) expect(counts[id]).toBe(0);
      else statistic += (counts[id]! - expected) ** 2 / expected;
    }
  }
  expect(statistic).toBeLessThan(26.12); // the 99.9 % point of 8 degrees of freedom: four rows of three
});

test("a backend that computes in float64 gives the same ids", async () => {
  const wide = markovModel(cpu({ precision: "f64" }), first, { second });
  const options = { strategy: sample(random(8)), maxTokens: 30 };
  expect(await idsOf(wide, [0], options)).toEqual(await idsOf(markovModel(backend, first, { second }), [0], options));
});

test("a cache is anything disposable, such as a list of what the layers remember", async () => {
  const layers = Object.assign([{ length: 0 }, { length: 0 }], { [Symbol.dispose]: () => layers.splice(0) });
  const model = {
    ...markovModel(backend, first),
    cache: () => layers,
    next(ids: Tensor, cache: { length: number }[]) {
      for (const layer of cache) layer.length += ids.shape[1]!;
      return tensor([cache[0]!.length, 0, 2.5, 0], [1, 4], backend);
    },
  };
  expect(await idsOf(model, [0], { maxTokens: 4 })).toEqual([2, 2, 0, 0]);
  expect(layers).toHaveLength(0);
});

test("transforms see every id so far", async () => {
  const seen: number[][] = [];
  const spy: LogitsTransform = {
    name: "spy",
    apply(logits, { ids }) {
      seen.push([...ids]);
      return logits.slice();
    },
  };
  const ids = await idsOf(markovModel(backend, first), [2, 3], { transforms: [spy], maxTokens: 3 });
  expect(seen).toEqual([
    [2, 3],
    [2, 3, ids[0]],
    [2, 3, ids[0], ids[1]],
  ]);
});

test("a strategy that chooses an excluded token or no id is refused", async () => {
  const model = markovModel(backend, first);
  const always = (id: number): Strategy => ({ name: "stubborn", choose: () => id });
  for (const id of [4, -1, 0.5, Number.NaN]) {
    await expect(collect(generate(model, [0], { strategy: always(id) }))).rejects.toThrow(
      `The strategy stubborn chose ${id}, which is excluded or not an id from 0 to 3.`,
    );
  }
  await expect(collect(generate(model, [0], { transforms: [topK(1)], strategy: always(0) }))).rejects.toThrow(
    "The strategy stubborn chose 0, which is excluded",
  );
});

test("greedy is the default strategy", async () => {
  const model = markovModel(backend, first);
  expect(await idsOf(model, [0], { maxTokens: 9 })).toEqual(
    await idsOf(model, [0], { maxTokens: 9, strategy: greedy() }),
  );
});
