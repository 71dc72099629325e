import { cpu, random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { pieceDecoder } from "../../test/decoders.ts";
import { markovModel } from "../../test/markov-model.ts";
import type { Constraint } from "../constraints/constraint.ts";
import { generate } from "../generate/generate.ts";
import type { GenerateOptions } from "../generate/generate-options.ts";
import type { GeneratedToken } from "../generate/generated-token.ts";
import { functionModel } from "../predict/function-model.ts";
import { sample } from "../strategies/sample.ts";
import { topK } from "../transforms/top-k.ts";
import type { BatchOptions } from "./batch-options.ts";
import { collectBatch } from "./collect-batch.ts";
import { generateBatch } from "./generate-batch.ts";

const vocabulary = 5;
/** Logits by all ids so far, and a count of what is asked. */
function counting(): { readonly model: ReturnType<typeof functionModel>; readonly asked: number[][] } {
  const asked: number[][] = [];
  const logits = (ids: readonly number[]): number[] => {
    asked.push([...ids]);
    return Array.from(
      { length: vocabulary },
      (_, id) => 2 * Math.sin(3 * id + ids.reduce((sum, one) => 2 * sum + one, 1)),
    );
  };
  return { model: functionModel(logits, { vocabulary, context: 12 }), asked };
}
const prompts = [[0], [1, 2, 3, 4, 0, 1, 2, 3], [2, 2], [0], [3, 1]];
const letters = (): ReturnType<typeof pieceDecoder> => pieceDecoder([..."abcde"]);

/** All tokens by row, and why each row ended. */
async function rowsOf(options: BatchOptions): Promise<{ tokens: GeneratedToken[][]; reasons: (string | undefined)[] }> {
  const batch = generateBatch(counting().model, prompts, options);
  const tokens: GeneratedToken[][] = prompts.map(() => []);
  for await (const { row, ...token } of batch) tokens[row]!.push(token);
  return { tokens, reasons: batch.statistics.rows.map(({ stopReason }) => stopReason) };
}

const pairs: Constraint<number> = {
  name: "an even number of twos or threes",
  start: 0,
  allowed: (state, budget) => (budget < 2 - (state % 2) || state > 3 ? [] : [2, 3]),
  next: (state) => state + 1,
  accepts: (state) => state % 2 === 0,
};
const luck = (row: number): ReturnType<typeof sample> => sample(random(7).fork(row));
test.each<[string, BatchOptions, (row: number) => GenerateOptions]>([
  ["greedy", {}, () => ({})],
  ["a token more than once", { stop: [3] }, () => ({ stop: [3] })],
  [
    "stop strings and text",
    { stop: ["bd", "ea"], decoder: letters },
    () => ({ stop: ["bd", "ea"], decoder: letters() }),
  ],
  [
    "a seed for each row",
    { strategy: luck, transforms: [topK(3)] },
    (row) => ({ strategy: luck(row), transforms: [topK(3)] }),
  ],
  ["one seed for all", { strategy: luck(1), maxTokens: 6 }, () => ({ strategy: luck(1), maxTokens: 6 })],
  ["a constraint", { constraint: pairs, stop: [1] }, () => ({ constraint: pairs, stop: [1] })],
  [
    "all that can be reported",
    { alternatives: 2, logits: true, scores: true },
    () => ({ alternatives: 2, logits: true, scores: true }),
  ],
])("each row is what generate gives alone: %s", async (_, options, alone) => {
  const { tokens, reasons } = await rowsOf(options);
  for (const [row, prompt] of prompts.entries()) {
    const single = generate(counting().model, prompt, alone(row));
    const expected: GeneratedToken[] = [];
    for await (const token of single) expected.push(token);
    expect(tokens[row]).toEqual(expected);
    expect(reasons[row]).toBe(single.statistics.stopReason);
  }
  expect(new Set(tokens.map(({ length }) => length)).size).toBeGreaterThan(options.maxTokens === undefined ? 1 : 0);
});

test("one seed for all: rows of one length draw by the same chance, those with the same ids alike", async () => {
  const flat = functionModel(() => [0, 0, 0, 0], { vocabulary: 4 });
  const of = async (strategy: BatchOptions["strategy"]): Promise<string[]> =>
    (await collectBatch(generateBatch(flat, [[0], [1], [0]], { strategy, maxTokens: 12 }))).map(({ ids }) =>
      ids.join(""),
    );
  expect(new Set(await of(sample(random(7)))).size).toBe(1);
  expect(new Set(await of(luck)).size).toBe(3);
});

test("what is the same is asked once, and finished rows not at all", async () => {
  const { model, asked } = counting();
  const batch = generateBatch(model, prompts, { maxTokens: 3, logits: true });
  const first: Float32Array[] = [];
  for await (const { row, step, logits } of batch) if (step === 0) first[row] = logits!;
  expect(asked).toHaveLength(4 * 3);
  expect(first[3]).toEqual(first[0]);
  expect(first[3]).not.toBe(first[0]); // each is its receiver's
  const { rows, reusedTokens } = batch.statistics;
  expect(rows.map((row) => row.reusedTokens)).toEqual([0, 0, 0, 1, 0]);
  expect(reusedTokens).toBe(1);
});

test("the statistics are those of the rows together", async () => {
  const batch = generateBatch(counting().model, prompts, { stop: [3] });
  await collectBatch(batch);
  const { rows, ...whole } = batch.statistics;
  expect(whole.promptTokens).toBe(14);
  expect(whole.generatedTokens).toBe(rows.reduce((sum, { generatedTokens }) => sum + generatedTokens, 0));
  expect(whole.seconds).toBe(Math.max(...rows.map(({ seconds }) => seconds)));
  const decoded = whole.generatedTokens - rows.length;
  expect(whole.decodeTokensPerSecond).toBeCloseTo(decoded / (whole.seconds - whole.prefillSeconds), 6);
  expect(whole.prefillTokensPerSecond).toBeCloseTo(13 / whole.prefillSeconds, 3);
});

test("a budget of seconds ends every row after the step that is under way", async () => {
  const slow = functionModel(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return [0, 1];
    },
    { vocabulary: 2 },
  );
  const found = await collectBatch(generateBatch(slow, [[0], [1]], { maxSeconds: 0.001 }));
  expect(found.map(({ ids, stopReason }) => [ids.length, stopReason])).toEqual([
    [1, "time"],
    [1, "time"],
  ]);
});

const on = cpu();
const chain = markovModel(on, [
  [0, 1],
  [1, 0],
]);
const base = on.memory();

test("leaving, failing and a signal end all rows and give everything back", async () => {
  const left = generateBatch(chain, [[0], [0]], { maxTokens: 3 });
  for await (const { row, step } of left) {
    expect(on.memory().tensors).toBeGreaterThan(base.tensors);
    if (step === 2 && row === 0) break;
  }
  expect(on.memory()).toEqual(base);
  const { rows } = left.statistics;
  expect(rows.map(({ generatedTokens, stopReason }) => [generatedTokens, stopReason])).toEqual([
    [3, "length"],
    [2, "aborted"],
  ]);
  const controller = new AbortController();
  const steps: number[] = [];
  const cut = async (): Promise<void> => {
    for await (const { row, step } of generateBatch(chain, [[0], [0]], { signal: controller.signal })) {
      steps.push(2 * step + row);
      if (step === 1) controller.abort(new Error("enough"));
    }
  };
  await expect(cut()).rejects.toThrow("enough");
  expect(steps).toEqual([0, 1, 2]); // not the other row's token of that step, either
  expect(on.memory()).toEqual(base);
  await expect(collectBatch(generateBatch(chain, [[0, 1], [1]]))).rejects.toThrow(
    "Sequences of 1 to 2 ids cannot share a batch of this model: it does not heed paddings (padded: true). Decode them one by one.",
  );
  expect(on.memory()).toEqual(base);
});

test("a completion has all of its row: ids with the stop token, text, log-probability, reason", async () => {
  const model = functionModel((ids) => (ids.length < 4 ? [0, 0, -Infinity] : [-Infinity, -Infinity, 0]), {
    vocabulary: 3,
  });
  const decoder = (): ReturnType<typeof letters> => letters();
  const found = await collectBatch(
    generateBatch(
      model,
      [
        [0, 0],
        [0, 0, 0],
      ],
      { stop: [2], decoder },
    ),
  );
  expect(found).toEqual([
    { ids: [0, 0, 2], text: "aa", logProbability: 2 * Math.log(0.5), stopReason: "token" },
    { ids: [0, 2], text: "a", logProbability: Math.log(0.5), stopReason: "token" },
  ]);
});

const shared = letters();
test.each<[readonly ArrayLike<number>[], BatchOptions, string]>([
  [[], {}, "generateBatch() takes a list of prompts, each a list of ids, and this is an empty one."],
  [[0, 1] as never, {}, "each a list of ids, and this is one prompt: put it into a list."],
  [[[0], []], {}, "Prompt 1 has no tokens, and a causal model can only continue."],
  [[[0], [0, 7]], {}, "Prompt 1's token 1 is 7, but this model's ids go from 0 to 4."],
  [
    [[0]],
    { search: {} } as never,
    'generateBatch() has no option "search". It has transforms, strategy, constraint, maxTokens',
  ],
  [
    [[0]],
    { decoder: shared as never },
    "A decoder holds what it has seen, so each row of generateBatch() needs its own: give a function that makes one, as in decoder: () => tokenizer.decoder().",
  ],
  [
    [[0], [1]],
    { decoder: () => shared },
    "decoder(1) gave the decoder of row 0, but a decoder holds what it has seen: make a fresh one at each call.",
  ],
  [[[0]], { stop: ["x"] }, 'The stop string "x" cannot be found without text: give generateBatch() a decoder'],
  [[[0]], { maxTokens: 0 }, "maxTokens is a whole number of at least 1, got 0"],
  [[[0]], { transforms: [topK(2)] }, "topK(2) only shapes what is drawn at random, and greedy() draws nothing"],
])("%j with %o is refused", (list, options, message) => {
  expect(() => generateBatch(counting().model, list, options)).toThrow(message);
});
