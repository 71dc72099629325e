import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { functionModel } from "../predict/function-model.ts";
import { greedy } from "../strategies/greedy.ts";
import { sample } from "../strategies/sample.ts";
import { generate } from "../generate/generate.ts";
import { bestOf, type BestOfOptions } from "./best-of.ts";

const model = functionModel((ids) => [ids.length % 3, 1, -1, ids.at(-1)! / 2], { vocabulary: 4 });
const strategy = (i: number): ReturnType<typeof sample> => sample(random(5).fork(i));
const options: BestOfOptions = { samples: 6, strategy, stop: [2], maxTokens: 9 };

test("the samples are those that generate draws alone, the highest score first", async () => {
  const alone: { ids: number[]; logProbability: number }[] = [];
  for (let i = 0; i < 6; i++) {
    const one = { ids: [] as number[], logProbability: 0 };
    for await (const { id, logProbability } of generate(model, [0], {
      strategy: strategy(i),
      stop: [2],
      maxTokens: 9,
    })) {
      one.ids.push(id);
      one.logProbability += logProbability;
    }
    alone.push(one);
  }
  expect(new Set(alone.map(({ ids }) => ids.length)).size).toBeGreaterThan(1); // else mean and sum would say the same
  for (const [score, of] of [
    ["mean", (one: (typeof alone)[number]) => one.logProbability / one.ids.length],
    ["sum", (one: (typeof alone)[number]) => one.logProbability],
    [({ ids }: { ids: readonly number[] }) => -ids.length, (one: (typeof alone)[number]) => -one.ids.length],
  ] as const) {
    const expected = alone.map((one) => ({ ...one, score: of(one) })).sort((a, b) => b.score - a.score);
    expect(await bestOf(model, [0], { ...options, score })).toMatchObject(expected);
  }
  const byDefault = await bestOf(model, [0], options);
  expect(byDefault).toEqual(await bestOf(model, [0], { ...options, score: "mean" }));
});

test("nonsense is refused", async () => {
  const refused = async (change: object): Promise<unknown> => bestOf(model, [0], { ...options, ...change });
  for (const samples of [0, 1.5, undefined]) {
    await expect(refused({ samples })).rejects.toThrow(`samples is a whole number of at least 1, got ${samples}`);
  }
  await expect(refused({ strategy: sample(random(1)) })).rejects.toThrow(
    "bestOf() needs a strategy for each sample, as in strategy: (i) => sample(random(7).fork(i)): one for all would draw the same text again and again.",
  );
  await expect(refused({ strategy: () => greedy() })).rejects.toThrow(
    "greedy() draws nothing, so all 6 samples would be the same. Give a strategy that draws",
  );
  await expect(refused({ score: "best" })).rejects.toThrow(
    'score is "mean", "sum" or a function of a completion, got "best"',
  );
  await expect(refused({ score: () => Number.NaN })).rejects.toThrow("ids is NaN, which cannot be ranked");
  await expect(refused({ logits: true })).rejects.toThrow(
    'bestOf() has no option "logits". It has samples, strategy, score',
  );
  await expect(bestOf(model, [], options)).rejects.toThrow("The prompt has no tokens");
});
