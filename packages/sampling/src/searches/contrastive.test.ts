import { random } from "@tenon/tensor";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { collect } from "../../test/generations.ts";
import { generate } from "../generate/generate.ts";
import type { GenerateOptions } from "../generate/generate-options.ts";
import { functionModel } from "../predict/function-model.ts";
import type { Predictor } from "../predict/predictor.ts";
import { greedy } from "../strategies/greedy.ts";
import { sample } from "../strategies/sample.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import { temperature } from "../transforms/temperature.ts";
import { contrastive } from "./contrastive.ts";

interface Golden {
  readonly vocabulary: number;
  readonly models: readonly {
    readonly layers: number;
    readonly prompt: readonly number[];
    /** By prefix, its ids joined: those that were gone on from. */
    readonly logits: Readonly<Record<string, readonly number[]>>;
    /** By prefix: the last position's, of all that were weighed. */
    readonly states: Readonly<Record<string, readonly number[]>>;
    readonly cases: readonly { k: number; alpha: number; suppressed: readonly number[]; ids: readonly number[] }[];
  }[];
}
const golden = JSON.parse(readFileSync(new URL("../../goldens/contrastive.json", import.meta.url), "utf8")) as Golden;
const { vocabulary } = golden;

const suppress = (ids: readonly number[]): LogitsTransform => ({
  name: "suppress",
  apply: (logits) => logits.map((logit, id) => (ids.includes(id) ? -Infinity : logit)),
});
for (const { layers, prompt, logits, states, cases } of golden.models) {
  // Where the reference did not go on from a prefix, there are no logits: NaN, which no decoding accepts.
  const model = functionModel((ids) => logits[ids.join()] ?? new Array<number>(vocabulary).fill(NaN), {
    vocabulary,
    state: (ids) => states[ids.join()]!,
  });
  test.each(cases)(
    `it agrees with transformers on a GPT-2 of ${layers}: k $k, alpha $alpha, without $suppressed`,
    async ({ k, alpha, suppressed, ids }) => {
      const options = { search: contrastive({ k, alpha }), transforms: [suppress(suppressed)], maxTokens: ids.length };
      expect((await collect(generate(model, prompt, options))).map(({ id }) => id)).toEqual(ids);
    },
  );
}

/** States of two directions: even and odd ids. */
const byParity = (logits: readonly number[], options: { context?: number; calls?: unknown[] } = {}): Predictor => {
  const inner = functionModel(() => logits, {
    vocabulary: logits.length,
    context: options.context,
    state: (ids) => (ids.at(-1)! % 2 === 0 ? [1, 0] : [0, 2]),
  });
  return {
    ...inner,
    predict(sequences, wanted) {
      options.calls?.push([sequences.map((ids) => ids.join("")), wanted]);
      return inner.predict(sequences, wanted);
    },
  };
};
const idsOf = async (model: Predictor, prompt: readonly number[], options: GenerateOptions): Promise<number[]> =>
  (await collect(generate(model, prompt, options))).map(({ id }) => id);

test("the prompt's states are asked for once, and those of all candidates together", async () => {
  const calls: unknown[] = [];
  const search = contrastive({ k: 3, alpha: 0.9 });
  expect(await idsOf(byParity([0, 3, 2, 1], { calls }), [1, 3], { search, maxTokens: 2 })).toEqual([2, 1]);
  expect(calls).toEqual([
    [["13"], { states: 2 }],
    [["131", "132", "133"], { states: 1 }],
    [["1321", "1322", "1323"], { states: 1 }],
  ]);
});

test("the steps tell the logits, the scores and what the prompt cost", async () => {
  const generation = generate(byParity([0, 3, 2, 1]), [1, 3], {
    search: contrastive({ k: 2, alpha: 0.9 }),
    transforms: [suppress([1])],
    maxTokens: 2,
    logits: true,
    scores: true,
  });
  for (const { logits, scores } of await collect(generation)) {
    expect(logits).toEqual(Float32Array.of(0, 3, 2, 1));
    expect(scores).toEqual(Float32Array.of(0, -Infinity, 2, 1));
  }
  expect(generation.statistics.reusedTokens).toBe(0);
});

test("of equal candidates the more probable comes, and of equally probable ones the smaller id", async () => {
  const options = { search: contrastive({ k: 3, alpha: 1 }), maxTokens: 1 };
  expect(await idsOf(byParity([0, 1, 0, 2]), [0], options)).toEqual([3]);
  expect(await idsOf(byParity([0, 2, 0, 2]), [0], options)).toEqual([1]);
});

test("excluded tokens are no candidates, though there be fewer than k", async () => {
  const options = { search: contrastive({ k: 4, alpha: 1 }), transforms: [suppress([0, 1, 3])], maxTokens: 2 };
  expect(await idsOf(byParity([0, 1, 2, 3]), [2], options)).toEqual([2, 2]);
});

test("probabilities are those after the transforms", async () => {
  // Of the two that are left, 0 has 0.73 and 1 has 0.27, which outweighs that 0 is like the prompt; of all four they had hardly anything.
  const options = { search: contrastive({ k: 2, alpha: 0.2 }), transforms: [suppress([3])], maxTokens: 1 };
  expect(await idsOf(byParity([1, 0, -9, 6]), [0], options)).toEqual([0]);
});

test("where the context ends, the most probable token comes last", async () => {
  const search = contrastive({ k: 2, alpha: 0.9 });
  expect(await idsOf(byParity([3, 2], { context: 3 }), [0], { search })).toEqual([1, 0, 0]);
  // Looking ahead, 1 would be worth more: it is unlike the prompt.
  expect(await idsOf(byParity([3, 2], { context: 2 }), [0, 0], { search })).toEqual([0]);
});

test("a state of zeros is like nothing", async () => {
  const model = functionModel(() => [2, 0], { vocabulary: 2, state: (ids) => [ids.at(-1)!, 0] });
  const options = { search: contrastive({ k: 2, alpha: 0.8 }), maxTokens: 3 };
  expect(await idsOf(model, [1], options)).toEqual([0, 0, 0]);
});

test("states that are no numbers, and a model without states, are refused on the way", async () => {
  const search = contrastive({ k: 2, alpha: 0.5 });
  const damaged = functionModel(() => [0, 1], { vocabulary: 2, state: (ids) => [ids.length > 2 ? NaN : 1] });
  await expect(idsOf(damaged, [0, 1], { search })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: The model's hidden states after 3 tokens are not all finite numbers. Weights that diverged or were damaged give such; check the model's parameters.]`,
  );
  const plain = functionModel(() => [0, 1], { vocabulary: 2 });
  await expect(idsOf(plain, [0], { search })).rejects.toThrow("This way of decoding needs the model's state");
});

test("what would be passed over is refused at once", () => {
  const search = contrastive({ k: 4, alpha: 0.6 });
  const model = byParity([0, 1]);
  expect(() => generate(model, [0], { search, strategy: greedy() })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: contrastive({ k: 4, alpha: 0.6 }) chooses by itself, so the strategy greedy() would choose nothing. Leave out one of the two.]`,
  );
  expect(() => generate(model, [0], { search, strategy: sample(random(1)) })).toThrow("the strategy sample()");
  expect(() => generate(model, [0], { search, transforms: [temperature(2)] })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: temperature(2) only shapes what is drawn at random, and contrastive({ k: 4, alpha: 0.6 }) draws nothing: leave it out, or say with k and alpha how many candidates there are and what repeating costs.]`,
  );
});

test("nonsense is refused", () => {
  expect(() => contrastive({ k: 1, alpha: 0.5 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: contrastive() weighs k candidates, a whole number of at least 2, got 1. With one there is nothing to weigh: that is greedy().]`,
  );
  expect(() => contrastive({ k: 2.5, alpha: 0.5 })).toThrow("got 2.5");
  expect(() => contrastive({ k: 4, alpha: 1.5 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: contrastive() takes an alpha from 0 to 1, got 1.5]`,
  );
  expect(() => contrastive({ k: 4, alpha: -0.1 })).toThrow("got -0.1");
  expect(() => contrastive({ k: 4 } as never)).toThrow("got undefined");
  expect(() => contrastive({ k: 4, alpha: 0.5, beams: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: contrastive() has no option "beams". It has k, alpha.]`,
  );
});
