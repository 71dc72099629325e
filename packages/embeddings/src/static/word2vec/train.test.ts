import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { CheckpointStore, TrainingCheckpoint } from "../training/checkpoint.ts";
import type { TrainingProgress } from "../training/tally.ts";
import { hierarchicalSoftmax, negativeSampling } from "./losses.ts";
import { trainWord2Vec, type Word2VecOptions } from "./train.ts";

/** Sentences about four subjects: words of one subject share contexts, each word with a few others of its own. */
function subjects(sentences: number, seed = 5): string {
  const dice = random(seed);
  const one = (): string => {
    const subject = dice.integer(4);
    return Array.from({ length: 8 }, () => `${"abcd"[subject]}${dice.integer(6)}`).join(" ");
  };
  return Array.from({ length: sentences }, one).join("\n");
}
const text = subjects(3000);
const small: Word2VecOptions = { text, width: 12, window: 3, vocabulary: { subsample: 0 }, training: { epochs: 2 } };

/** The share of words whose nearest neighbour is of the same subject. */
function agreement({ vectors }: Awaited<ReturnType<typeof trainWord2Vec>>): number {
  const unit = vectors.words.map((word) => {
    const vector = vectors.vector(word)!;
    const norm = Math.hypot(...vector);
    return vector.map((x) => x / norm);
  });
  const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const same = vectors.words.filter((word, i) => {
    const others = unit.map((each, j) => (i === j ? -Infinity : dot(each, unit[i]!)));
    return vectors.words[others.indexOf(Math.max(...others))]![0] === word[0];
  });
  return same.length / vectors.words.length;
}

test.each([
  ["skip-gram", negativeSampling(), 1],
  ["skip-gram", hierarchicalSoftmax(), 1],
  ["cbow", negativeSampling({ count: 3, exponent: 0.5 }), 1],
  ["cbow", hierarchicalSoftmax(), 1],
  ["skip-gram", negativeSampling(), 2],
] as const)("words of the same contexts get similar vectors: %s, %o, %i threads", async (model, loss, threads) => {
  const training = { epochs: 4, learningRate: 0.05, threads };
  const trained = await trainWord2Vec({ ...small, model, loss, training });
  expect(trained.vectors.words.length).toBe(24);
  expect(trained.report.words).toBe(4 * 24_000);
  expect(agreement(trained)).toBe(1);
  expect(trained.report.losses.length).toBe(4);
  expect(trained.report.losses[3]).toBeLessThan(trained.report.losses[0]!);
  // Each of a subject's six words is as likely as the others: nobody can do better than log 6.
  if (loss.kind === "hierarchical-softmax") expect(trained.report.losses[3]).toBeCloseTo(Math.log(6), 1);
  const nodes = loss.kind === "hierarchical-softmax" ? 23 : 24;
  expect(trained.output().length).toBe(12 * nodes);
  expect(trained.output().some((x) => Math.abs(x) > 0.1)).toBe(true);
});

test("the same seed gives the same bits on one thread, another seed others", async () => {
  const [a, b, c] = await Promise.all(
    [1, 1, 2].map((seed) => trainWord2Vec({ ...small, training: { epochs: 1, seed } })),
  );
  expect(a!.vectors.data).toEqual(b!.vectors.data);
  expect(a!.output()).toEqual(b!.output());
  expect(a!.vectors.data).not.toEqual(c!.vectors.data);
});

test("a run that is stopped goes on from its checkpoint to the same bits", async () => {
  const settings: Word2VecOptions = { ...small, vocabulary: { subsample: 0.05 } };
  const whole = await trainWord2Vec(settings);
  const kept: TrainingCheckpoint[] = [];
  const store: CheckpointStore = {
    seconds: 1e9,
    load: async () => kept.at(-1),
    save: async (checkpoint) => void kept.push(structuredClone(checkpoint)),
  };
  const stop = new AbortController();
  const stopped = trainWord2Vec({
    ...settings,
    text: { name: "text", read: (from) => stopping(from) },
    training: { epochs: 2, signal: stop.signal, checkpoint: store },
  });
  let pieces = 0;
  async function* stopping(from: number): AsyncIterable<Uint8Array> {
    yield new TextEncoder().encode(text).subarray(from, from + 1000);
    yield new TextEncoder().encode(text).subarray(from + 1000);
    if (++pieces === 2) stop.abort(new Error("enough"));
  }
  await expect(stopped).rejects.toThrow("enough");
  expect(kept.length).toBe(1);
  expect(kept[0]!.epoch * text.length + kept[0]!.byte).toBeGreaterThan(0);
  const resumed = await trainWord2Vec({ ...settings, training: { epochs: 2, checkpoint: store } });
  expect(resumed.vectors.data).toEqual(whole.vectors.data);
  expect(resumed.output()).toEqual(whole.output());
  expect(resumed.report.losses).toEqual(whole.report.losses);
  expect(resumed.report.words).toBe(whole.report.words);
  await expect(trainWord2Vec({ ...settings, window: 4, training: { epochs: 2, checkpoint: store } })).rejects.toThrow(
    "the checkpoint is of another training: its window was 3, and is 4 now. Train as before to go on, or remove the checkpoint to begin anew.",
  );
  // As long, with as many words: only one of them is another.
  const other = text.replaceAll(/\bb3\b/g, "x3");
  expect(other).not.toBe(text);
  const training = { epochs: 2, checkpoint: store };
  await expect(trainWord2Vec({ ...settings, text: other, training })).rejects.toThrow(
    /the checkpoint is of another training: its vocabulary was "[0-9a-f]{8}", and is "[0-9a-f]{8}" now/,
  );
});

test("progress is told, at last that all is done", async () => {
  const told: TrainingProgress[] = [];
  await trainWord2Vec({ ...small, training: { epochs: 2, onProgress: (progress) => void told.push(progress) } });
  const last = told.at(-1)!;
  expect([last.share, last.words, last.secondsLeft]).toEqual([1, 48_000, 0]);
  expect(last.wordsPerSecond).toBeGreaterThan(1000);
  expect(last.loss).toBeGreaterThan(1);
  expect(last.loss).toBeLessThan(5);
});

test("what cannot be trained is refused", async () => {
  const refused = (options: Partial<Word2VecOptions>, message: string): Promise<void> =>
    expect(trainWord2Vec({ ...small, ...options })).rejects.toThrow(message);
  await refused({ text: 5 as never }, "a text is a string, or what await textFile(path) gives, got number");
  const notAwaited = Promise.resolve() as never;
  await refused(
    { text: notAwaited },
    "a text is a string, or what await textFile(path) gives, got a promise: await it",
  );
  await refused({ text: " \n" }, "the text has no words");
  await refused(
    { text: "a b c" },
    "the text: none of its 3 words occurs 5 times; take a lower minimumCount, or more text",
  );
  await refused({ text: "a a a a a" }, "negative sampling needs two words at least to draw from, and there is one");
  await refused(
    { text: "a a a a a", loss: hierarchicalSoftmax() },
    "hierarchical softmax needs two words, or labels, at least to decide between, and there is one",
  );
  await refused({ text: "a\nb\n".repeat(9) }, "the text gave nothing to learn from: no line has two known words");
  await refused({ model: "glove" as never }, 'trainWord2Vec: model is "skip-gram" or "cbow", got "glove"');
  await refused({ width: 1.5 }, "trainWord2Vec: width is a whole number from 1 to 4096, got 1.5");
  await refused({ window: 0 }, "trainWord2Vec: window is a whole number from 1 to 1000, got 0");
  await refused({ vocabulary: { minimumCount: 0 } }, "trainWord2Vec: minimumCount is a whole number from 1 on, got 0");
  await refused({ vocabulary: { subsample: -1 } }, "trainWord2Vec: subsample is a number from 0 on, got -1");
  await refused({ training: { epochs: 0 } }, "trainWord2Vec: epochs is a whole number from 1 on, got 0");
  await refused({ training: { threads: 1.5 } }, "trainWord2Vec: threads is a whole number from 1 on, got 1.5");
  await refused({ training: { learningRate: 0 } }, "trainWord2Vec: learningRate is a number above 0, got 0");
  await refused({ training: { learningRate: 1e30 } }, "the training diverged: vector");
  expect(() => negativeSampling({ count: 0 })).toThrow(
    "negativeSampling: count is a whole number from 1 to 1000, got 0",
  );
});
