import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { functionModel } from "../predict/function-model.ts";
import { sample } from "../strategies/sample.ts";
import { temperature } from "../transforms/temperature.ts";
import { beamSearch } from "./beam-search.ts";

const model = functionModel(() => [0, 1, 2], { vocabulary: 3, context: 4 });
const search = async (options: object): Promise<unknown> => beamSearch(model, [0], { beams: 2, ...options });

test.each([
  [{ beams: 0 }, "beams is a whole number of at least 1, got 0"],
  [{ beams: undefined }, "beams is a whole number of at least 1, got undefined"],
  [{ beams: 2.5 }, "beams is a whole number of at least 1, got 2.5"],
  [{ results: 3 }, "results is a whole number from 1 to the number of beams, 2, got 3"],
  [{ results: 0 }, "results is a whole number from 1 to the number of beams, 2, got 0"],
  [
    { groups: 3, diversityPenalty: 1 },
    "groups is a whole number of at least 1 that divides the 2 beams, got 3: each group has as many beams as the others",
  ],
  [
    { diversityPenalty: 1 },
    "diversityPenalty keeps groups of beams apart, and there is one group only: divide the beams, as in { beams: 6, groups: 3 }, or leave it out",
  ],
  [
    { groups: 2 },
    "2 groups of beams need a finite diversityPenalty above 0, got undefined: without one they all find the same",
  ],
  [{ groups: 2, diversityPenalty: -1 }, "2 groups of beams need a finite diversityPenalty above 0, got -1"],
  [{ stopWhen: "never" }, 'stopWhen is "enough", "unlikely" or "hopeless", got "never"'],
  [{ maxTokens: 0 }, "maxTokens is a whole number of at least 1, got 0"],
  [{ maxSeconds: 0 }, "maxSeconds is a number above 0, got 0"],
  [{ stop: [3] }, "stop takes token ids from 0 to 2"],
  [
    { stop: [1, "end"] },
    'A beam search stops at token ids only, got the string "end": it may end within a token, and beams are compared token by token. ' +
      "Stop at the id of its last token, or use generate(), which cuts text.",
  ],
  [
    { strategy: sample(random(1)) },
    "strategy says how to draw, and a beam search draws nothing: leave it out, or draw with generate(model, ids, { strategy: sample(random(7)), transforms: [temperature(0.8)] }) instead.",
  ],
  [{ temperature: 0.7 }, "temperature says how to draw, and a beam search draws nothing"],
  [{ topK: 4 }, "topK says how to draw, and a beam search draws nothing"],
  [{ random: random(1) }, "random says how to draw, and a beam search draws nothing"],
  [
    { transforms: [temperature(0.5)] },
    "temperature(0.5) only shapes what is drawn at random, and a beam search draws nothing: leave it out, or draw with generate(",
  ],
  [
    { lengthPenalty: 2 },
    'beamSearch() has no option "lengthPenalty". It has beams, results, maxTokens, stop, transforms, constraint, score, stopWhen, groups, ' +
      "diversityPenalty, decoder, signal, maxSeconds; a length penalty is score: lengthNormalised(alpha), and early stopping is stopWhen.",
  ],
  [
    { transforms: [{ name: "nothing at all", apply: (z: Float32Array) => z.map(() => -Infinity) }] },
    "the logits after nothing at all: every one of the 3 tokens is excluded, so there is nothing to choose from",
  ],
  [
    { score: { name: "broken", score: () => NaN } },
    /^broken gave NaN for a sum of -1\.63\d* over 4 tokens; a score is a number, the higher the better$/,
  ],
])("%o is refused", async (options, message) => {
  await expect(search(options)).rejects.toThrow(message);
  await expect(search(options)).rejects.toHaveProperty("name", "ConfigError");
});

test("without a limit of the context, maxTokens is needed", async () => {
  const endless = functionModel(() => [0, 1], { vocabulary: 2 });
  await expect(beamSearch(endless, [0], { beams: 2, stop: [0] })).rejects.toThrow(
    "A beam search returns when it is through, and this model's context has no limit: say how many tokens a hypothesis may have, as in { maxTokens: 50 }",
  );
});

test("a prompt that is empty, too long or foreign is refused", async () => {
  for (const [prompt, message] of [
    [[], "The prompt has no tokens"],
    [[0, 0, 0, 0, 0], "The prompt has 5 tokens, but the model's context holds 4"],
    [[3], "The prompt's token 0 is 3"],
  ] as const)
    await expect(beamSearch(model, prompt, { beams: 2 })).rejects.toThrow(message);
});

test("an option that is undefined counts as absent", async () => {
  const plain = await beamSearch(model, [0], { beams: 2 });
  const options = { results: undefined, groups: undefined, diversityPenalty: undefined, score: undefined };
  const same = await beamSearch(model, [0], { beams: 2, ...options, stop: undefined, stopWhen: undefined });
  expect(same.hypotheses).toEqual(plain.hypotheses);
});
