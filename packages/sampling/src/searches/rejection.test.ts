import { random, type Random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import { logSumExp } from "../transforms/log-sum-exp.ts";
import { chain } from "../transforms/chain.ts";
import { temperature } from "../transforms/temperature.ts";
import { topK } from "../transforms/top-k.ts";
import { draftModel } from "./draft-model.ts";
import type { Drafter } from "./drafter.ts";
import { promptLookup } from "./prompt-lookup.ts";
import { speculative } from "./speculative.ts";
import { byRejection } from "./verdict.ts";

type OfIds = (ids: readonly number[]) => number[];
const vocabulary = 4;
const logitsAfter: OfIds = (ids) =>
  [0, 1, 2, 3].map((id) => 1.3 * Math.sin(2 * id + 3 * ids.at(-1)! + 5 * (ids.at(-2) ?? 0)));
const model = functionModel(logitsAfter, { vocabulary });
/** Prefers what the model does not. */
const opposed = draftModel(functionModel((ids) => logitsAfter(ids).map((z) => -z), { vocabulary }));
const close = draftModel(
  functionModel((ids) => logitsAfter(ids).map((z, id) => z + 0.4 * Math.cos(id)), { vocabulary }),
);
const same = draftModel(model);
const prompt = [1, 2, 0, 1, 2];
const length = 3;
const runs = 8000;

/** How often each text came, by its ids. */
async function counted(
  draft: Drafter,
  transforms: readonly LogitsTransform[],
  tokens = 2,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const search = speculative({ draft, tokens, random: random(17).fork(run) });
    const ids: number[] = [];
    for await (const { id } of generate(model, prompt, { search, transforms, maxTokens: length })) ids.push(id);
    counts.set(ids.join(), (counts.get(ids.join()) ?? 0) + 1);
  }
  return counts;
}

/** The probability of each text, multiplied out. */
function probabilities(transform: LogitsTransform): Map<string, number> {
  let texts = new Map<string, number>([["", 1]]);
  for (let step = 0; step < length; step++) {
    const longer = new Map<string, number>();
    for (const [text, probability] of texts) {
      const ids = [...prompt, ...(text === "" ? [] : text.split(",").map(Number))];
      const scores = transform.apply(Float32Array.from(logitsAfter(ids)), { ids, promptLength: prompt.length });
      for (const [id, score] of scores.entries()) {
        const p = Math.exp(score - logSumExp(scores));
        if (p > 0) longer.set(text === "" ? `${id}` : `${text},${id}`, probability * p);
      }
    }
    texts = longer;
  }
  return texts;
}

/** Pearson's statistic; Infinity for a text that cannot come. */
function chiSquare(counts: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): number {
  if ([...counts.keys()].some((text) => !expected.has(text))) return Infinity;
  let sum = 0;
  for (const [text, p] of expected) sum += ((counts.get(text) ?? 0) - runs * p) ** 2 / (runs * p);
  return sum;
}

// The 99.9 % points of the chi-square distribution with 4³ − 1, 3³ − 1 and 2³ − 1 degrees of freedom.
const shapes: readonly (readonly [LogitsTransform[], number])[] = [
  [[], 103.44],
  [[temperature(0.8), topK(3)], 54.05],
  [[topK(2)], 24.32],
];
const drafters = {
  "prompt look-up": promptLookup(),
  "a close draft": close,
  "an opposed draft": opposed,
  "the model itself": same,
};
for (const [name, draft] of Object.entries(drafters)) {
  for (const [transforms, limit] of shapes) {
    const transform = chain(...transforms);
    test(`texts have the model's own probabilities (chi-square): ${name}, ${transform.name || "no transforms"}`, async () => {
      const expected = probabilities(transform);
      expect(expected.size).toBeGreaterThan(7);
      expect(chiSquare(await counted(draft, transforms), expected)).toBeLessThan(limit);
    });
  }
}

test("a drafter that lies about its scores is noticed by the same statistic", async () => {
  const liar: Drafter = {
    ...opposed,
    propose: async (...input) => ({
      ...(await close.propose(...input)),
      scores: (await opposed.propose(...input)).scores,
    }),
  };
  expect(chiSquare(await counted(liar, []), probabilities(chain()))).toBeGreaterThan(500);
});

test("the same seed gives the same text, another seed another", async () => {
  const text = async (seed: number, draft: Drafter): Promise<string> => {
    const ids: number[] = [];
    const search = speculative({ draft, random: random(seed) });
    for await (const { id } of generate(model, prompt, { search, maxTokens: 30 })) ids.push(id);
    return ids.join();
  };
  for (const draft of [close, promptLookup()]) {
    expect(await text(1, draft)).toBe(await text(1, draft));
    expect(await text(2, draft)).not.toBe(await text(1, draft));
  }
});

test("a draft by the model itself stays whole, a close one mostly, an opposed one seldom", async () => {
  const share = async (draft: Drafter): Promise<number> => {
    const generation = generate(model, prompt, { search: speculative({ draft, random: random(3) }), maxTokens: 400 });
    for await (const _ of generation);
    return generation.statistics.acceptedTokens / generation.statistics.draftedTokens;
  };
  expect(await share(same)).toBe(1);
  expect(await share(close)).toBeGreaterThan(0.75);
  expect(await share(opposed)).toBeLessThan(0.6);
});

test("where nothing is left of p without q but by rounding, the id comes from p", () => {
  // Draws as large as there are, 1 − 2⁻⁴⁸. q is p but for two millionths of e⁻³⁰ at id 1, which id 0 cannot show in float64.
  const most = { fork: () => most, uniform: () => 1 - 2 ** -24 } as unknown as Random;
  const [p, q] = [Float32Array.of(0, -30), Float32Array.of(0, -29.999998)];
  expect(byRejection(most)(p, { ids: [1] }, { id: 1, scores: q })).toBe(1);
  const least = { fork: (name: unknown) => (name === "replacement" ? zeros : most) } as unknown as Random;
  const zeros = { fork: () => zeros, uniform: () => 0 } as unknown as Random;
  expect(byRejection(least)(p, { ids: [1] }, { id: 1, scores: q })).toBe(0);
});

test("an id that the model excludes never stays", () => {
  const zeros = { fork: () => zeros, uniform: () => 0 } as unknown as Random;
  expect(byRejection(zeros)(Float32Array.of(-Infinity, 0), { ids: [1] }, { id: 0, scores: undefined })).toBe(1);
  const dice = random(4);
  for (let n = 0; n < 200; n++) {
    const verdict = byRejection(dice.fork(n));
    expect(verdict(Float32Array.of(0, -Infinity), { ids: [1] }, { id: 1, scores: undefined })).toBe(0);
    expect(verdict(Float32Array.of(0, -Infinity), { ids: [1] }, { id: 1, scores: new Float32Array(2) })).toBe(0);
  }
});
