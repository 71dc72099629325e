import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { collect } from "../../test/generations.ts";
import type { Constraint } from "../constraints/constraint.ts";
import { generate } from "../generate/generate.ts";
import type { GenerateOptions } from "../generate/generate-options.ts";
import { functionModel } from "../predict/function-model.ts";
import type { Predictor, Wanted } from "../predict/predictor.ts";
import { greedy } from "../strategies/greedy.ts";
import { sample } from "../strategies/sample.ts";
import { temperature } from "../transforms/temperature.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import { topK } from "../transforms/top-k.ts";
import { draftModel } from "./draft-model.ts";
import type { Drafter } from "./drafter.ts";
import { promptLookup } from "./prompt-lookup.ts";
import { speculative } from "./speculative.ts";

/** Logits that depend on the last two ids and a little on the length, the same for the same seed. */
const oddModel = (vocabulary: number, seed: number, noise = 0, context = Infinity): Predictor =>
  functionModel(
    (ids) => {
      const place = random(seed)
        .fork(ids.at(-1)!)
        .fork(ids.at(-2) ?? -1);
      const other = random(99).fork(ids.length);
      return Array.from({ length: vocabulary }, () => 2 * place.normal() + noise * other.normal());
    },
    { vocabulary, context },
  );
const model = oddModel(6, 1);
const near = draftModel(oddModel(6, 1, 0.7)); // the same, with noise
const wrong: Drafter = {
  name: "wrong",
  propose: async (_, count) => ({ ids: new Array<number>(count).fill(3) }),
};
const nothing: Drafter = { name: "nothing", propose: async () => ({ ids: [] }) };
const drafters = [promptLookup(), near, wrong, nothing];

/** Anything but zeros, up to a five. */
const twosAndMore: Constraint<"open" | "end"> = {
  name: "no zeros, at last a five",
  start: "open",
  allowed: (state, budget) => (state === "end" || budget < 1 ? [] : budget === 1 ? [5] : [1, 2, 3, 4, 5]),
  next(state, id) {
    if (state === "end" || id === 0) throw new Error(`${id} is not allowed after ${state}`);
    return id === 5 ? "end" : state;
  },
  accepts: (state) => state === "end",
};
/** Depends on everything so far, and on where the prompt ends. */
const noTwice: LogitsTransform = {
  name: "not the last generated id",
  apply: (logits, { ids, promptLength = 0 }) =>
    logits.map((logit, id) => (ids.length > promptLength && ids.at(-1) === id ? -Infinity : logit)),
};
const settings: Record<string, GenerateOptions> = {
  greedy: { maxTokens: 25 },
  "named greedy": { strategy: greedy(), maxTokens: 1 },
  sample: { strategy: sample(random(3)), maxTokens: 40 },
  "sample with transforms": {
    strategy: sample(random(4)),
    transforms: [noTwice, temperature(0.7), topK(3)],
    maxTokens: 40,
  },
  "a constraint": { strategy: sample(random(8)), constraint: twosAndMore, maxTokens: 12 },
  "a constraint that the budget ends": {
    transforms: [{ name: "no five", apply: (logits) => logits.map((logit, id) => (id === 5 ? logit - 50 : logit)) }],
    constraint: twosAndMore,
    maxTokens: 7,
  },
  "stop tokens": { strategy: sample(random(6)), stop: [4, 5], maxTokens: 40 },
  "a constraint and stop tokens": { strategy: sample(random(5)), constraint: twosAndMore, stop: [0], maxTokens: 9 },
};

for (const drafter of drafters) {
  for (const [name, options] of Object.entries(settings)) {
    test.each([1, 4, 9])(`the text is that without a draft: ${drafter.name}, ${name}, %i at a time`, async (tokens) => {
      const all = { ...options, alternatives: 2, logits: true, scores: true };
      for (const prompt of [[2], [1, 2, 1, 2, 3, 1]]) {
        const plain = generate(model, prompt, all);
        const drafted = generate(model, prompt, { ...all, search: speculative({ draft: drafter, tokens }) });
        expect(await collect(drafted)).toEqual(await collect(plain));
        expect(drafted.statistics.stopReason).toBe(plain.statistics.stopReason);
      }
    });
  }
}

test("the context ends the text as it does without a draft", async () => {
  const small = oddModel(6, 1, 0, 9);
  for (const draft of drafters) {
    const plain = await collect(generate(small, [1, 2, 1]));
    expect(plain).toHaveLength(7);
    expect(await collect(generate(small, [1, 2, 1], { search: speculative({ draft, tokens: 5 }) }))).toEqual(plain);
  }
});

/** Notes what the model is asked. */
function watched(inner: Predictor): Predictor & { readonly asked: [ids: number, wanted: Wanted | undefined][] } {
  const asked: [number, Wanted | undefined][] = [];
  return {
    ...inner,
    asked,
    predict(sequences, wanted) {
      asked.push([sequences[0]!.length, wanted]);
      return inner.predict(sequences, wanted);
    },
  };
}
const counting = functionModel((ids) => [0, 1, 2].map((id) => (id === (ids.at(-1)! + 1) % 3 ? 1 : 0)), {
  vocabulary: 3,
});

test("the model is asked once for all places, and never for more than will be taken", async () => {
  const inner = watched(counting);
  const generation = generate(inner, [0, 1, 2, 0], {
    search: speculative({ draft: promptLookup(), tokens: 3 }),
    maxTokens: 10,
  });
  await collect(generation);
  expect(inner.asked).toEqual([
    [7, { logits: 4 }],
    [11, { logits: 4 }],
    [13, { logits: 2 }],
  ]);
  expect(generation.statistics).toMatchObject({ draftedTokens: 7, acceptedTokens: 7, reusedTokens: 0 });
});

test("without a limit of tokens, the context is the limit of a draft", async () => {
  const inner = watched({ ...counting, context: 8 });
  const decoding = {
    predictor: inner,
    prompt: [0, 1, 2, 0],
    transform: { name: "as it is", apply: (logits: Float32Array) => logits },
    strategy: undefined,
    maxTokens: Infinity,
    ended: () => false,
    drafted() {},
  };
  const steps = speculative({ draft: promptLookup(), tokens: 3 }).steps(decoding);
  for (let i = 0; i < 5; i++) await steps.next();
  expect(inner.asked.map(([ids]) => ids)).toEqual([7, 8]);
});

test("what was drafted and what of it was taken is counted, also when the text ends within a draft", async () => {
  const search = speculative({ draft: promptLookup(), tokens: 4 });
  const generation = generate(counting, [0, 1, 2, 0], { search, stop: [0] });
  expect((await collect(generation)).map(({ id }) => id)).toEqual([1, 2, 0]);
  expect(generation.statistics).toMatchObject({ draftedTokens: 4, acceptedTokens: 3 });
  const other = generate(counting, [0], {
    search: speculative({ draft: { ...wrong, name: "2s", propose: async () => ({ ids: [1, 1] }) } }),
    maxTokens: 3,
  });
  await collect(other);
  // Drafted 1 1 at three places each: 1 is right after 0 alone, 2 and 0 follow.
  expect(other.statistics).toMatchObject({ draftedTokens: 2, acceptedTokens: 1 });
});

test("drafted ids do not count as read for the prompt", async () => {
  let reads = 0;
  const remembers: Predictor = {
    ...counting,
    predict: async (sequences, wanted) =>
      (await counting.predict(sequences, wanted)).map((prediction) => ({
        ...prediction,
        read: reads++ === 0 ? 2 + (wanted!.logits! - 1) : wanted!.logits!,
      })),
  };
  const search = speculative({ draft: promptLookup(), tokens: 4 });
  const generation = generate(remembers, [0, 1, 2, 0, 1, 2], { search, maxTokens: 8 });
  await collect(generation);
  expect(generation.statistics).toMatchObject({ promptTokens: 6, reusedTokens: 4 });
});

const refusal = (options: GenerateOptions): string => {
  try {
    generate(model, [0], options);
  } catch (error) {
    return String(error);
  }
  return "nothing was thrown";
};

test("what would be passed over is refused at once", () => {
  const search = speculative({ draft: promptLookup(), random: random(1) });
  expect(refusal({ search, strategy: greedy() })).toMatchInlineSnapshot(
    `"ConfigError: speculative({ random }) draws by rejection, so the strategy greedy() would choose nothing. Leave out one of the two: without random, the strategy chooses."`,
  );
  expect(
    refusal({ search: speculative({ draft: promptLookup() }), transforms: [noTwice, topK(3)] }),
  ).toMatchInlineSnapshot(
    `"ConfigError: topK(3) only shapes what is drawn at random, and speculative({ draft: promptLookup({ longest: 3, shortest: 1 }) }) without random or a strategy draws nothing: leave it out, or give one of them, such as strategy: sample(random(7))."`,
  );
  expect(
    refusal({ search: speculative({ draft: promptLookup() }), strategy: greedy(), transforms: [topK(3)] }),
  ).toMatch("topK(3) only shapes what is drawn at random, and greedy() draws nothing");
  expect(refusal({ search: speculative({ draft: draftModel(oddModel(5, 1)) }) })).toMatchInlineSnapshot(
    `"ConfigError: draftModel() has a vocabulary of 5 and the model one of 6: its ids would mean something else. A draft needs the model's own tokenizer."`,
  );
});

test("nonsense is refused", () => {
  const draft = promptLookup();
  expect(() => speculative({ draft, tokens: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: speculative() drafts a whole number of tokens, at least 1 at a time, got 0]`,
  );
  expect(() => speculative({ draft, tokens: 1.5 })).toThrow("got 1.5");
  expect(() => speculative({ draft: model as never })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: speculative() needs a drafter: promptLookup(), draftModel(model), or an object with propose(ids, count, decoding); got object]`,
  );
  expect(() => speculative({ draft, random: 7 as never })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: speculative() needs a generator as random, such as random(7), got number]`,
  );
  expect(() => speculative({ draft, count: 7 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: speculative() has no option "count". It has draft, tokens, random.]`,
  );
});

test("a drafter that does not keep to what was agreed is refused", async () => {
  const next = async (draft: Awaited<ReturnType<Drafter["propose"]>>): Promise<unknown> => {
    const search = speculative({ draft: { name: "mine", propose: async () => draft }, tokens: 2, random: random(1) });
    return generate(counting, [0], { search }).next();
  };
  await expect(next({ ids: [0, 1, 2] })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: The drafter mine was asked for at most 2 ids and proposed 3. It has to keep to count.]`,
  );
  await expect(next({ ids: [0, 3] })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: The drafter mine proposed the id 3, but this model's ids go from 0 to 2]`,
  );
  await expect(next({ ids: [undefined as never] })).rejects.toThrow("proposed the id undefined");
  const even = new Float32Array(3);
  await expect(
    next({ ids: [0], scores: [Float32Array.of(-Infinity, 0, 0)] }),
  ).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: The drafter mine gave scores that its ids cannot come from. For each id there are 3 of them, and that of the id is not -Infinity.]`,
  );
  await expect(next({ ids: [0], scores: [new Float32Array(2)] })).rejects.toThrow("there are 3 of them");
  await expect(next({ ids: [0, 1], scores: [even] })).rejects.toThrow("gave scores that its ids cannot come from");
  await expect(next({ ids: [0], scores: [even, even] })).rejects.toThrow("gave scores that its ids cannot come from");
});
