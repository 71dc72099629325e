import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { collect } from "../../test/generations.ts";
import type { Constraint } from "../constraints/constraint.ts";
import { functionModel } from "../predict/function-model.ts";
import { sample } from "../strategies/sample.ts";
import { greedy } from "../strategies/greedy.ts";
import { chain } from "../transforms/chain.ts";
import { temperature } from "../transforms/temperature.ts";
import { topK } from "../transforms/top-k.ts";
import { generate } from "./generate.ts";
import type { GenerateOptions } from "./generate-options.ts";
import type { Search } from "./search.ts";

const model = functionModel((ids) => [ids.length % 3, 1, -1, 0.5], { vocabulary: 4, context: 12 });
const refusal = (options: GenerateOptions): string => {
  try {
    generate(model, [0], options);
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was refused";
};

/** Token 3 two to five times, then token 2. */
const threesThenTwo: Constraint<number> = {
  name: "threes, then two",
  start: 0,
  allowed(state, budget) {
    const [two, three] = [state >= 2 && state <= 5, state < 5];
    const ending = Math.max(0, 2 - state) + 1; // tokens to the end from here
    if (state > 5 || ending > budget) return [];
    const more = three && Math.max(0, 2 - state - 1) + 2 <= budget;
    return [...(two ? [2] : []), ...(more ? [3] : [])];
  },
  next: (state, id) => (id === 2 ? 6 : state + 1),
  accepts: (state) => state === 6,
};

test("a constraint is followed to its end, whatever the model would say", async () => {
  const generation = generate(model, [0], { constraint: threesThenTwo });
  expect((await collect(generation)).map(({ id }) => id)).toEqual([3, 3, 3, 3, 3, 2]);
  expect(generation.statistics.stopReason).toBe("constraint");
});

test.each([3, 4, 5])("it is completed within a budget of %i tokens", async (maxTokens) => {
  const found = await collect(generate(model, [0], { constraint: threesThenTwo, maxTokens }));
  expect(found.map(({ id }) => id)).toEqual([...new Array<number>(maxTokens - 1).fill(3), 2]);
});

test("the context is a budget, too", async () => {
  const found = await collect(generate(model, [0, 0, 0, 0, 0, 0, 0, 0, 0], { constraint: threesThenTwo }));
  expect(found.map(({ id }) => id)).toEqual([3, 3, 3, 2]);
});

test("a budget that does not suffice, and stop strings, are refused beside a constraint", () => {
  const decoder = { push: () => "", end: () => "" };
  expect(refusal({ constraint: threesThenTwo, maxTokens: 2 })).toBe(
    "threes, then two cannot be completed within 2 tokens. Allow more, or constrain to something shorter.",
  );
  expect(refusal({ constraint: threesThenTwo, stop: ["x"], decoder })).toBe(
    'The stop string "x" could cut off what threes, then two has to complete. Stop at token ids, or leave the constraint out.',
  );
});

test("a stop token may come where the constraint accepts, and nowhere else", async () => {
  const any: Constraint<number> = {
    name: "threes",
    start: 0,
    allowed: (_, budget) => (budget < 1 ? [] : [3]),
    next: (state) => state + 1,
    accepts: (state) => state >= 2,
  };
  const found = await collect(generate(model, [0], { constraint: any, stop: [1] })); // 1 is the likelier
  expect(found.map(({ id }) => id)).toEqual([3, 3, 1]);
});

test("a budget of seconds ends it after the token that is under way", async () => {
  const slow = functionModel(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 15));
      return [0, 1];
    },
    { vocabulary: 2 },
  );
  const generation = generate(slow, [0], { maxSeconds: 0.001 });
  expect(await collect(generation)).toHaveLength(1);
  expect(generation.statistics.stopReason).toBe("time");
  expect(refusal({ maxSeconds: 0 })).toBe("maxSeconds is a number above 0, got 0");
});

test("logits are the model's, scores what was chosen from; both only when asked for", async () => {
  const options = { transforms: [topK(2)], strategy: sample(random(1)), maxTokens: 1 };
  const [token] = await collect(generate(model, [0], { ...options, logits: true, scores: true }));
  expect(token!.logits).toEqual(Float32Array.of(1, 1, -1, 0.5));
  expect(token!.scores).toEqual(Float32Array.of(1, 1, -Infinity, -Infinity));
  const [bare] = await collect(generate(model, [0], options));
  expect(Object.keys(bare!).sort()).toEqual(["alternatives", "id", "logProbability", "step", "text"]);
});

test("what only shapes a draw is refused where nothing is drawn", () => {
  const message =
    "temperature(0.8) only shapes what is drawn at random, and greedy() draws nothing: leave it out, or give a strategy that draws, such as sample(random(7)).";
  expect(refusal({ transforms: [temperature(0.8)] })).toBe(message);
  expect(refusal({ transforms: [temperature(0.8)], strategy: greedy() })).toBe(message);
  expect(refusal({ transforms: [chain(topK(2))] })).toMatch(/^topK\(2\) only shapes/);
  expect(refusal({ transforms: [topK(2)], strategy: sample(random(1)) })).toBe("nothing was refused");
});

test("a search finds the tokens, and is left when they end", async () => {
  let left = false;
  const search: Search = {
    name: "twos",
    async *steps({ prompt, maxTokens, drafted }) {
      expect([prompt, maxTokens]).toEqual([[0], 3]);
      drafted(5, 3);
      try {
        while (true) yield { id: 2, logits: new Float32Array(4), scores: new Float32Array(4), read: 1 };
      } finally {
        left = true;
      }
    },
  };
  const generation = generate(model, [0], { search, maxTokens: 3 });
  expect((await collect(generation)).map(({ id }) => id)).toEqual([2, 2, 2]);
  expect(left).toBe(true);
  expect(generation.statistics).toMatchObject({ draftedTokens: 5, acceptedTokens: 3 });
});
