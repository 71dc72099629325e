import { chain, greedy, gumbelMax, sample } from "@tenon/sampling";
import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { type SamplingSettings, usualSettings } from "./sampling-settings.ts";
import { softmax, stepDistribution } from "./step-distribution.ts";
import { onlyTokens, strategyOf, transformsOfSettings } from "./transforms-of-settings.ts";

const logits = Float32Array.from({ length: 12 }, (_, id) => 3 * Math.sin(id * id));
const context = { ids: [3, 5, 5, 1] };
const nameOf = (id: number): { text: string; name: string } => ({ text: "", name: `#${id}` });
const all: SamplingSettings = {
  ...usualSettings,
  temperature: 1.7,
  topK: 9,
  typical: 0.95,
  topP: 0.9,
  minP: 0.1,
  repetitionPenalty: 1.5,
};

test("stage by stage the transforms are applied to what the ones before have left", () => {
  const transforms = [...onlyTokens(12, 11), ...transformsOfSettings(all)];
  const { tokens, stages } = stepDistribution(logits, transforms, strategyOf(all), context, nameOf, 12);
  expect(stages).toHaveLength(8);
  for (const [i, stage] of stages.entries()) {
    const now = chain(...transforms.slice(0, i)).apply(logits, context);
    const expected = softmax(now);
    expect(stage.probabilities).toEqual(tokens.map(({ id }) => expected[id]));
    expect(stage.open).toEqual(tokens.map(({ id }) => now[id] !== -Infinity));
    expect(stage.kept).toBe(now.filter((logit) => logit !== -Infinity).length);
    const entropy = -expected.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0);
    expect(stage.entropy).toBeCloseTo(entropy, 10);
  }
  expect(stages.map(({ kept }) => kept)).toEqual([...stages.map(({ kept }) => kept)].sort((a, b) => b - a));
});

test("the tokens that matter at any stage are shown, in the model's order", () => {
  const lift = { name: "lift", apply: (z: Float32Array) => z.map((logit, id) => (id === 11 ? 9 : logit)) };
  const { tokens } = stepDistribution(logits, [lift], greedy(), context, nameOf, 3);
  const own = softmax(logits);
  expect(tokens.map(({ id }) => id)).toContain(11);
  expect(tokens.map(({ id }) => own[id])).toEqual(tokens.map(({ id }) => own[id]!).sort((a, b) => b - a));
});

test("each strategy is the one of its name, and what changes nothing is not applied", () => {
  for (let seed = 1; seed < 20; seed++) {
    const choice = (strategy: SamplingSettings["strategy"]): number =>
      strategyOf({ ...all, strategy, seed }).choose(logits, context);
    expect(choice("sample")).toBe(sample(random(seed)).choose(logits, context));
    expect(choice("gumbel-max")).toBe(gumbelMax(random(seed)).choose(logits, context));
    expect(choice("greedy")).toBe(greedy().choose(logits, context));
  }
  expect(transformsOfSettings({ ...usualSettings, temperature: 1 })).toEqual([]);
  expect(transformsOfSettings({ ...all, strategy: "greedy" }).map(({ name }) => name)).toEqual([
    "repetitionPenalty(1.5)",
  ]);
});
