import { random } from "@tenon/tensor";
import { byteTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { corpusInMemory } from "../corpus-in-memory.ts";
import { textFiles } from "../sources/sources.ts";
import type { TokenSource } from "../token-source.ts";
import { permutation } from "./permutation.ts";
import { streamedBatches } from "./streamed-batches.ts";
import type { WindowBatch } from "./window-batch.ts";
import { windowBatches } from "./window-batches.ts";

test("a permutation has each number once, for every length", () => {
  for (const length of [...Array.from({ length: 70 }, (_, i) => i + 1), 255, 256, 257, 4097]) {
    const order = permutation(length, random(length));
    const seen = new Set(Array.from({ length }, (_, place) => order(place)));
    expect(seen.size).toBe(length);
    expect(Math.max(...seen)).toBe(length - 1);
    expect(Math.min(...seen)).toBe(0);
  }
});

test("a permutation looks random: places of each number, and steps between neighbours, are spread evenly", () => {
  const [length, trials] = [12, 6000];
  const first = new Float64Array(length * length);
  const steps = new Float64Array(length);
  for (let seed = 0; seed < trials; seed++) {
    const order = permutation(length, random(seed));
    for (let place = 0; place < length; place++) first[place * length + order(place)]!++;
    steps[(order(5) - order(4) + length) % length]!++;
  }
  // Chi-squared; 121 and 10 degrees of freedom, four standard deviations beyond the mean.
  const chi = (counts: Float64Array, expected: number): number =>
    counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chi(first, trials / length)).toBeLessThan(121 + 4 * Math.sqrt(242));
  expect(steps[0]).toBe(0);
  expect(chi(steps.subarray(1), trials / (length - 1))).toBeLessThan(10 + 4 * Math.sqrt(20));
});

test("a permutation of more numbers than 32 bits can name stays inside and is one to one where one looks", () => {
  const length = 2 ** 50 - 3;
  const order = permutation(length, random(1));
  const seen = Array.from({ length: 1000 }, (_, place) => order(length - 1 - place));
  expect(new Set(seen).size).toBe(1000);
  for (const each of seen) expect(Number.isSafeInteger(each) && each >= 0 && each < length).toBe(true);
  expect(Math.max(...seen)).toBeGreaterThan(0.98 * length);
});

test("a permutation refuses what is no length and no place", () => {
  expect(() => permutation(0, random(1))).toThrow("permutation: length must be a whole number from 1 to 2^50, got 0");
  expect(() => permutation(3, random(1))(3)).toThrow("permutation: place must be a whole number from 0 to 2, got 3");
});

/** Token i is i. */
const counting = (length: number): TokenSource => ({
  length,
  read: (start, count) => Promise.resolve(Int32Array.from({ length: count }, (_, i) => start + i)),
});
const rowsOf = ({ inputs, shape: [rows, length] }: WindowBatch): number[] =>
  Array.from({ length: rows }, (_, row) => inputs[row * length]!);

test("an epoch has each window once, the next has others in another order, and batches go across its end", async () => {
  const [context, batch] = [5, 4];
  const batches = windowBatches({ tokens: counting(103), context, batch, random: random(3) });
  const count = 19; // floor((103 - 5) / 5)
  const starts: number[] = [];
  for (let step = 0; starts.length < 3 * count; step++) {
    const { inputs, targets, shape } = await batches(step);
    expect(shape).toEqual([batch, context]);
    for (let row = 0; row < batch; row++)
      for (let i = 0; i < context; i++) expect(inputs[row * context + i]).toBe(inputs[row * context]! + i);
    expect(targets).toEqual(inputs.map((id) => id + 1));
    starts.push(...rowsOf({ inputs, targets, shape }));
  }
  const epochs = [0, 1, 2].map((epoch) => starts.slice(epoch * count, (epoch + 1) * count));
  for (const epoch of epochs) {
    const first = Math.min(...epoch);
    expect(first).toBeLessThan(context);
    expect(epoch.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => first + context * i));
    expect(epoch).not.toEqual(epoch.toSorted((a, b) => a - b));
  }
  expect(new Set(epochs.map((epoch) => Math.min(...epoch))).size).toBeGreaterThan(1);
  expect(epochs[0]!.map((at) => Math.floor(at / context))).not.toEqual(
    epochs[1]!.map((at) => Math.floor(at / context)),
  );
});

test("a batch is a pure function of the step and the seed", async () => {
  const make = (seed: number) => windowBatches({ tokens: counting(1000), context: 7, batch: 3, random: random(seed) });
  const batches = make(1);
  const tenth = await batches(10);
  for (const step of [500, 0, 47, 46]) await batches(step);
  expect(await batches(10)).toEqual(tenth);
  expect(await make(1)(10)).toEqual(tenth);
  expect(await make(2)(10)).not.toEqual(tenth);
});

test("the shortest text has one window; a shorter one and sizes that are none are refused", async () => {
  const make = (length: number, context: number, batch = 2) =>
    windowBatches({ tokens: counting(length), context, batch, random: random(1) });
  expect([...(await make(5, 4)(9)).inputs]).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
  expect(() => make(4, 4)).toThrow(
    "windowBatches: the text is too short: it has 4 tokens, and a window of 4 and the token after it need 5. Use a longer text, or a context of at most 3.",
  );
  expect(() => make(4, 0)).toThrow("windowBatches: context must be a whole number from 1 up, got 0");
  expect(() => make(4, 1, 0.5)).toThrow("windowBatches: batch must be a whole number from 1 up, got 0.5");
  await expect(Promise.resolve().then(() => make(5, 4)(-1))).rejects.toThrow(
    "a step is a whole number from 0 up, got -1",
  );
});

/** Lines of 6 bytes, five to a shard of 30; the byte of line i is i + 33, never blank. */
function corpusOfLines(lines: number, held?: Promise<unknown>) {
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (let line = 0; line < lines; line++) {
      if (line === Math.floor(lines / 2)) await held;
      yield Uint8Array.of(...Array<number>(6).fill(line + 33), 10);
    }
  };
  const sources = textFiles([{ name: "lines", bytes }], "lines");
  return corpusInMemory({ sources, tokenizer: byteTokenizer(), shardTokens: 30 });
}

test("streamed batches begin before the corpus is whole, and give what they give afterwards", async () => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const make = (corpus: ReturnType<typeof corpusOfLines>) =>
    streamedBatches({ corpus, context: 4, batch: 3, random: random(5) });
  const early = make(corpusOfLines(60, held));
  const first = await early(0);
  let later: WindowBatch | undefined;
  const waiting = early(20).then((batch) => (later = batch));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(later).toBeUndefined();
  release();
  const late = make(corpusOfLines(60));
  await waiting;
  expect(await late(20)).toEqual(later);
  expect(await late(0)).toEqual(first);
});

test("streamed batches: each epoch has each window of each shard once; the first goes by shards in order, the next does not", async () => {
  const corpus = corpusOfLines(60); // 12 shards of 30 tokens: 6 windows of 4 in each
  const batches = streamedBatches({ corpus, context: 4, batch: 5, random: random(5) });
  const [windows, starts] = [6 * 12, [] as number[][]];
  for (let step = 0; starts.length < 2 * windows; step++) {
    const { inputs } = await batches(step);
    for (let row = 0; row < 5; row++) starts.push([...inputs.subarray(4 * row, 4 * row + 4)]);
  }
  const shardOf = (ids: number[]): number => Math.floor((ids[0]! - 33) / 5);
  const epochs = [starts.slice(0, windows), starts.slice(windows, 2 * windows)] as const;
  for (const epoch of epochs) {
    const counts = Array<number>(12).fill(0);
    for (const ids of epoch) counts[shardOf(ids)]!++;
    expect(counts).toEqual(Array(12).fill(6));
  }
  const order = (epoch: number[][]): number[] => [...new Set(epoch.map(shardOf))];
  expect(order(epochs[0])).toEqual(Array.from({ length: 12 }, (_, i) => i));
  expect(order(epochs[1])).not.toEqual(order(epochs[0]));
  expect(order(epochs[1]).length).toBe(12);
  // Within the shards the windows come in another order, too: lines of six bytes say where a window of four begins.
  const inShard = (epoch: number[][]): string[] =>
    epoch
      .filter((ids) => shardOf(ids) < 4)
      .map((ids) => ids.join(" "))
      .sort();
  expect(inShard(epochs[1])).not.toEqual(inShard(epochs[0]));
});

test("streamed batches refuse a corpus without room for a window, and pass on what went wrong in the making", async () => {
  const make = (corpus: ReturnType<typeof corpusOfLines>) =>
    streamedBatches({ corpus, context: 30, batch: 1, random: random(5) });
  await expect(make(corpusOfLines(7))(0)).rejects.toThrow(
    "streamedBatches: no shard is too short: it has 30 tokens, and a window of 30 and the token after it need 31.",
  );
  await expect(make(corpusOfLines(20, Promise.reject(new Error("gone"))))(7)).rejects.toThrow("gone");
});
