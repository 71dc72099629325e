import { fileInMemory } from "@tenon/checkpoint";
import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { hierarchicalSoftmax, negativeSampling, softmax } from "../../word2vec/losses.ts";
import type { FastText } from "../fasttext.ts";
import { loadFastText } from "../file/load.ts";
import { serializeFastText } from "../file/serialize.ts";
import type { DenseMatrix } from "../matrix.ts";
import { oneVsAll } from "./classifier-loss.ts";
import { type FastTextVectorsOptions, trainFastText } from "./train.ts";

const dice = random(5);
/** Sentences about four subjects, whose words share contexts and their first three letters. */
const text = Array.from({ length: 1500 }, () => {
  const subject = ["sunn", "moon", "star", "mars"][dice.integer(4)]!;
  return Array.from({ length: 6 }, () => `${subject}${"aeiouy"[dice.integer(6)]}`).join(" ");
}).join("\n");
const small: FastTextVectorsOptions = {
  text,
  width: 12,
  context: { window: 3 },
  subwords: { shortest: 3, longest: 4, buckets: 200 },
  vocabulary: { subsample: 0 },
  training: { epochs: 2 },
};

function cosine(model: FastText, a: string, b: string): number {
  const [x, y] = [model.vector(a)!, model.vector(b)!];
  const dot = (p: Float32Array, q: Float32Array): number => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

test.each([
  ["skip-gram", negativeSampling({ exponent: 0.5 }), 1],
  ["skip-gram", hierarchicalSoftmax(), 1],
  ["cbow", softmax(), 1],
  ["cbow", negativeSampling(), 2],
] as const)(
  "words of the same contexts get similar vectors, unknown ones too: %s, %o, %i threads",
  async (model, loss, threads) => {
    const trained = await trainFastText({
      ...small,
      context: { model, window: 3 },
      loss,
      training: { epochs: 4, threads },
    });
    const { dictionary, settings } = trained.model;
    expect(settings).toMatchObject({ task: model, loss: loss.kind, width: 12 });
    // All of the words are as frequent as the ends of lines, or almost.
    expect(dictionary.words).toHaveLength(25);
    expect(dictionary.counts[dictionary.id("</s>")!]).toBe(1499);
    expect(dictionary.tokens).toBe(9000 + 1499);
    // A sentence begins with 1 of 24 words: none is told apart from its subject's other five by context.
    expect(trained.report.losses[3]).toBeLessThan(trained.report.losses[0]!);
    for (const [a, b, other] of [
      ["moona", "moone", "marsa"],
      ["starix", "staru", "sunnu"], // starix is not in the text
    ] as const) {
      expect(cosine(trained.model, a, b)).toBeGreaterThan(0.8);
      expect(cosine(trained.model, a, b) - cosine(trained.model, a, other)).toBeGreaterThan(0.3);
    }
  },
);

test("a word is learned with its parts, and not with those of others", async () => {
  const one = { ...small, text: "moon sun\n".repeat(5), vocabulary: { minimumCount: 1, subsample: 0 } };
  const fast = await trainFastText({ ...one, training: { epochs: 2, learningRate: 0.5 } });
  const still = await trainFastText({ ...one, training: { epochs: 2, learningRate: 1e-30 } });
  const { dictionary } = fast.model;
  const touched = new Set(["moon", "sun", "</s>"].flatMap((word) => dictionary.rows(word)));
  const [a, b] = [fast.model, still.model].map(({ input }) => (input as DenseMatrix).data) as [
    Float32Array,
    Float32Array,
  ];
  for (let row = 0; row < dictionary.inputRows; row++)
    expect([row, a.subarray(12 * row, 12 * row + 12).some((x, i) => x !== b[12 * row + i])]).toEqual([
      row,
      touched.has(row),
    ]);
  expect(Math.max(...b)).toBeGreaterThan(0.07);
  expect(Math.max(...b.map(Math.abs))).toBeLessThanOrEqual(Math.fround(1 / 12));
});

test("the same seed gives the same model, which a file keeps", async () => {
  const [a, b, c] = await Promise.all(
    [1, 1, 2].map((seed) => trainFastText({ ...small, training: { epochs: 1, seed } })),
  );
  const bytes = ({ model }: { model: FastText }): Buffer => Buffer.concat([...serializeFastText(model)]);
  expect(bytes(a!).equals(bytes(b!))).toBe(true);
  expect(bytes(a!).equals(bytes(c!))).toBe(false);
  const sampled = await trainFastText({ ...small, vocabulary: {}, training: { epochs: 1 } });
  expect(sampled.model.vector("moona")).not.toEqual(a!.model.vector("moona"));
  const again = await loadFastText(fileInMemory("again.bin", bytes(a!)));
  expect(again.settings).toEqual(a!.model.settings);
  expect(again.vector("moonlight")).toEqual(a!.model.vector("moonlight"));
});

test("what cannot be trained is refused", async () => {
  const refused = (options: Partial<FastTextVectorsOptions>, message: string): Promise<void> =>
    expect(trainFastText({ ...small, ...options })).rejects.toThrow(message);
  await refused(
    { context: { model: "glove" as never } },
    'trainFastText: context.model is "skip-gram" or "cbow", got "glove"',
  );
  await refused({ context: { window: 0 } }, "trainFastText: context.window is a whole number from 1 to 1000, got 0");
  await refused(
    { loss: oneVsAll() as never },
    "trainFastText: oneVsAll() is for classifiers; take negativeSampling() or another",
  );
  await refused({ width: 5000 }, "trainFastText: width is a whole number from 1 to 4096, got 5000");
  await refused(
    { subwords: { longest: -1 } },
    "trainFastText: subwords.longest is a whole number from 0 to 100, got -1",
  );
  await refused({ subwords: { shortest: 5, longest: 4 } }, "subwords.shortest is a whole number from 1 to 4, got 5");
  await refused({ subwords: { shortest: 2, longest: 0 } }, "subwords.shortest is a whole number from 0 to 0, got 2");
  await refused({ subwords: { buckets: 0 } }, "subwords.buckets is a whole number from 1 to 2147483647, got 0");
  await refused({ text: " \n" }, "the text has no words");
  await refused({ text: "__label__a b" }, "the text: none of its 2 words occurs 5 times; take a lower minimumCount");
  await refused({ text: "a \xff".repeat(5), vocabulary: { memory: 1 } }, "the memory for words is from 65536 bytes");
  await refused({ training: { learningRate: 1e30 } }, "the training diverged");
});
