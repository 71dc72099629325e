import { fileInMemory } from "@tenon/checkpoint";
import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { CheckpointStore, TrainingCheckpoint } from "../../training/checkpoint.ts";
import type { Text } from "../../training/text.ts";
import { WordVectors } from "../../word-vectors.ts";
import { hierarchicalSoftmax, negativeSampling, softmax } from "../../word2vec/losses.ts";
import type { FastText } from "../fasttext.ts";
import { loadFastText } from "../file/load.ts";
import { serializeFastText } from "../file/serialize.ts";
import type { DenseMatrix } from "../matrix.ts";
import { oneVsAll } from "./classifier-loss.ts";
import { type FastTextClassifierOptions, trainFastTextClassifier } from "./train-classifier.ts";

const dice = random(7);
const subjects = ["sun", "moon", "star", "mars", "ночь"];
/** A line about one of five subjects, whose words are its own but for two. */
function line(subject: number): string {
  const own = Array.from({ length: 4 }, () => `${subjects[subject]!}${"aeiouy"[dice.integer(6)]}`);
  return [...own, dice.pick(["the", "and"]), `x${dice.integer(50)}`].join(" ");
}
const examples = (count: number): { label: number; words: string }[] =>
  Array.from({ length: count }, () => {
    const label = dice.integer(5);
    return { label, words: line(label) };
  });
const text = examples(600)
  .map(({ label, words }) => `__label__${label} ${words}`)
  .join("\n");
const unseen = examples(100);
const small: FastTextClassifierOptions = { text, width: 10, training: { epochs: 6, learningRate: 0.5 } };

const accuracy = (model: FastText): number =>
  unseen.filter(({ label, words }) => model.predict(words)[0]?.label === `__label__${label}`).length / unseen.length;

test.each([
  [softmax(), 1],
  [hierarchicalSoftmax(), 1],
  [negativeSampling({ count: 3 }), 1],
  [oneVsAll(), 1],
  [softmax(), 2],
] as const)("lines get their labels, from a file as well: %o, %i threads", async (loss, threads) => {
  const { model, report } = await trainFastTextClassifier({ ...small, loss, training: { ...small.training, threads } });
  expect(model.settings).toMatchObject({ task: "supervised", loss: loss.kind });
  expect(accuracy(model)).toBeGreaterThan(0.98);
  expect(report.words).toBe(6 * (600 * 7 + 599));
  // The text is one chunk, so that two threads are at two epochs at a time.
  expect(Math.min(...report.losses)).toBeLessThan(0.5 * Math.max(...report.losses));
  const again = await loadFastText(fileInMemory("again.bin", Buffer.concat([...serializeFastText(model)])));
  expect(again.predict("the moona and suna", { k: 3 })).toEqual(model.predict("the moona and suna", { k: 3 }));
});

test("one-vs-all learns several labels of a line, softmax one of them", async () => {
  const both = examples(600).map(
    ({ label, words }) => `__label__${label} __label__${label > 2 ? "high" : "low"} ${words}`,
  );
  const { model } = await trainFastTextClassifier({ ...small, text: both.join("\n"), loss: oneVsAll() });
  const right = unseen.filter(({ label, words }) => {
    const found = model.predict(words, { k: Infinity, threshold: 0.5 }).map((one) => one.label);
    return found.sort().join() === [`__label__${label}`, `__label__${label > 2 ? "high" : "low"}`].sort().join();
  });
  expect(right.length).toBeGreaterThan(95);
  const { model: either } = await trainFastTextClassifier({ ...small, text: both.join("\n") });
  const [first, second] = either.predict(unseen[0]!.words, { k: 2 });
  expect(first!.probability + second!.probability).toBeGreaterThan(0.9);
  expect(second!.probability).toBeGreaterThan(0.3); // each was drawn half of the time
});

test("word n-grams know the order of words, which words alone do not", async () => {
  const order = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? "__label__ab a b" : "__label__ba b a")).join("\n");
  const options = { ...small, text: order, subwords: { wordNgrams: 2, buckets: 50 } };
  const { model } = await trainFastTextClassifier(options);
  expect([model.predict("a b")[0]!.label, model.predict("b a")[0]!.label]).toEqual(["__label__ab", "__label__ba"]);
  const { model: bag } = await trainFastTextClassifier({ ...options, subwords: {} });
  expect(bag.predict("a b")).toEqual(bag.predict("b a"));
  expect(bag.settings.subwords.buckets).toBe(0);
});

test("an example is what the dictionary says that a line is, each row as often", async () => {
  const one = {
    text: "__label__a moon rare__ moon </s> not read\n__label__b unlabelled\n__label__rare moon\nно\n",
    width: 4,
    subwords: { shortest: 2, longest: 3, wordNgrams: 3, buckets: 400 },
    vocabulary: { minimumCount: 2, minimumLabelCount: 1 },
  };
  const repeated = { ...one, text: one.text.replace("__label__b", "").replace("__label__rare", "#rare") };
  const train = (learningRate: number, epochs: number) =>
    trainFastTextClassifier({ ...repeated, text: `${repeated.text}__label__b\n`, training: { learningRate, epochs } });
  const [moved, still] = await Promise.all([train(1, 2), train(1e-30, 2)]);
  const { dictionary } = moved.model;
  // Only the first line has a label and words; "</s>" ends it, and the last has its end alone.
  const { rows, labels } = dictionary.line("__label__a moon rare__ moon </s>".split(" "));
  expect(labels).toEqual([dictionary.labels.indexOf("__label__a")]);
  const end = dictionary.line(["</s>"]).rows;
  const [a, b] = [moved.model, still.model].map(({ input }) => (input as DenseMatrix).data) as [
    Float32Array,
    Float32Array,
  ];
  const moves = Array.from({ length: dictionary.inputRows }, (_, row) => a[4 * row]! - b[4 * row]!);
  const once = moves[rows.find((row) => !end.includes(row) && rows.indexOf(row) === rows.lastIndexOf(row))!]!;
  expect(Math.abs(once)).toBeGreaterThan(1e-4);
  for (const [row, move] of moves.entries()) {
    if (end.includes(row)) continue; // it is learned with both labels
    const times = rows.filter((each) => each === row).length;
    expect([row, move / once]).toEqual([row, expect.closeTo(times, 3)]);
  }
});

test("two steps are those of the formulas", async () => {
  // The one line is all of the text: it is learned twice, with the rate that is due where it ends.
  const one = "__label__a moon moon star\n";
  const options = { width: 4, subwords: { wordNgrams: 2, buckets: 30 }, vocabulary: { minimumCount: 2 } };
  const labelled = `${one}__label__b`; // a second label, in a line that is as good as empty: "</s>" is too rare
  const train = (learningRate: number) =>
    trainFastTextClassifier({ ...options, text: labelled, training: { epochs: 2, learningRate } });
  const [{ model }, { model: begun }] = await Promise.all([train(0.8), train(1e-30)]);
  const { rows } = begun.dictionary.line("__label__a moon moon star </s>".split(" "));
  expect(begun.dictionary.words).toEqual(["moon"]);
  const data = (begun.input as DenseMatrix).data;
  const h = Array.from({ length: 4 }, (_, i) => rows.reduce((sum, row) => sum + data[4 * row + i]! / rows.length, 0));
  const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, xi, i) => sum + xi * y[i]!, 0);
  const at = (one.length - 1) / labelled.length;
  const rateAt = (epoch: number): number => 0.8 * (1 - epoch / 2) * (1 - at) + 0.8 * [0.5, 1e-4][epoch]! * at;
  const first = h.map((x) => rateAt(0) * 0.5 * x); // the output of a; that of b is its negative
  const wrong = 1 - 1 / (1 + Math.exp(-2 * dot(first, h)));
  const error = first.map((x) => 2 * rateAt(1) * wrong * x);
  for (const row of new Set(rows)) {
    const share = rows.filter((each) => each === row).length / rows.length;
    for (let i = 0; i < 4; i++)
      expect((model.input as DenseMatrix).data[4 * row + i]! - data[4 * row + i]!).toBeCloseTo(share * error[i]!, 6);
  }
  const output = (model.output as DenseMatrix).data.subarray(4 * model.dictionary.labels.indexOf("__label__a"));
  for (let i = 0; i < 4; i++) expect(output[i]).toBeCloseTo(first[i]! + rateAt(1) * wrong * h[i]!, 6);
});

test("an end of a line that is too rare to be a word has no n-grams either", async () => {
  const rare = { text: "__label__a moon moon\n__label__b moon", width: 4, subwords: { longest: 3, buckets: 50 } };
  const vocabulary = { minimumCount: 2 };
  const [moved, still] = await Promise.all(
    [1, 1e-30].map((learningRate) => trainFastTextClassifier({ ...rare, vocabulary, training: { learningRate } })),
  );
  const [a, b] = [moved!, still!].map(({ model }) => (model.input as DenseMatrix).data) as [Float32Array, Float32Array];
  const { dictionary } = moved!.model;
  const touched = Array.from({ length: 51 }, (_, row) => row).filter((row) => a[4 * row] !== b[4 * row]);
  expect(touched).toEqual([...new Set(dictionary.rows("moon"))].sort((x, y) => x - y));
});

test("pretrained vectors are what their words begin with, and are added to the vocabulary", async () => {
  const pretrained = new WordVectors({
    words: ["suna", "comet"],
    data: Float32Array.from({ length: 20 }, (_, i) => i + 1),
  });
  const training = { epochs: 1, learningRate: 1e-20 };
  const { model } = await trainFastTextClassifier({ text, pretrained, training });
  expect(model.width).toBe(10);
  expect(model.vector("suna")).toEqual(pretrained.vector("suna"));
  expect(model.vector("comet")).toEqual(pretrained.vector("comet"));
  expect(Math.max(...model.vector("moona")!.map(Math.abs))).toBeLessThanOrEqual(Math.fround(0.1));
});

test("a run that is stopped goes on from its checkpoint to the same bits", async () => {
  const both = text.replaceAll(" the ", " __label__the "); // which of two labels is learned is random
  const options = { width: 6, subwords: { wordNgrams: 2, buckets: 100 } };
  const { model: whole } = await trainFastTextClassifier({ ...options, text: both });
  const kept: TrainingCheckpoint[] = [];
  const checkpoint: CheckpointStore = {
    seconds: 1e9,
    load: () => Promise.resolve(kept.at(-1)),
    save: (each) => Promise.resolve(void kept.push(structuredClone(each))),
  };
  const stop = new AbortController();
  let readings = 0;
  const stopping: Text = {
    name: "text",
    async *read(from) {
      if (++readings === 4) stop.abort(new Error("enough")); // the first is for the dictionary
      yield new TextEncoder().encode(both).subarray(from);
    },
  };
  const training = { checkpoint, signal: stop.signal };
  await expect(trainFastTextClassifier({ ...options, text: stopping, training })).rejects.toThrow("enough");
  expect(kept.map(({ epoch }) => epoch)).toEqual([2]);
  const { model: resumed } = await trainFastTextClassifier({ ...options, text: both, training: { checkpoint } });
  expect(Buffer.concat([...serializeFastText(resumed)]).equals(Buffer.concat([...serializeFastText(whole)]))).toBe(
    true,
  );
});

test("labels may begin otherwise", async () => {
  const hashed = { ...small, text: text.replaceAll("__label__", "#"), vocabulary: { labelPrefix: "#" } };
  const { model } = await trainFastTextClassifier(hashed);
  expect(unseen.filter(({ label, words }) => model.predict(words)[0]?.label === `#${label}`).length).toBeGreaterThan(
    98,
  );
  expect(model.predict("#unknown moona")).toEqual(model.predict("moona"));
});

test("what cannot be trained is refused", async () => {
  const refused = (options: Partial<FastTextClassifierOptions>, message: string): Promise<void> =>
    expect(trainFastTextClassifier({ ...small, ...options })).rejects.toThrow(message);
  await refused({ text: "a b\n" }, 'the text has no labels: no word begins with "__label__"');
  await refused({ text: "__label__a __label__b" }, "the text: none of its 2 words occurs 1 times");
  await refused(
    { vocabulary: { labelPrefix: "" } },
    "vocabulary.labelPrefix is empty, so that all words would be labels",
  );
  await refused({ vocabulary: { minimumLabelCount: 0 } }, "vocabulary.minimumLabelCount is a whole number from 1");
  const pretrained = new WordVectors({ words: ["a"], data: new Float32Array(3) });
  await refused({ pretrained }, "the pretrained vectors have 3 numbers; width is 10");
  await refused({ subwords: { wordNgrams: 0 } }, "subwords.wordNgrams is a whole number from 1 to 100, got 0");
});
