import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

import { fileInMemory } from "@tenon/checkpoint";
import { expect, test } from "vitest";

import { WordQueries } from "../queries/word-queries.ts";
import type { FastText } from "./fasttext.ts";
import { loadFastText } from "./file/load.ts";
import { serializeFastText } from "./file/serialize.ts";
import { QuantizedMatrix } from "./quantized-matrix.ts";

type Vectors = Record<string, number[]>;
interface Values {
  readonly words: Vectors;
  readonly sentences?: Vectors;
  readonly rows?: Vectors;
  readonly neighbours?: Record<string, [word: string, cosine: number][]>;
  readonly predictions?: {
    line: string;
    k: number;
    threshold: number;
    found: [label: string, probability: number][];
  }[];
}
/** What fasttext 0.9.3 and gensim 4.4.0 from PyPI computed: goldens/fasttext_models.py. */
const folder = new URL("../../../goldens/fasttext-models/", import.meta.url);
const goldens = JSON.parse(await readFile(new URL("values.json", folder), "utf8")) as Record<string, Values>;
const lee = new URL("../../../../../../shared/data/word-vectors/", import.meta.url);

async function load(url: URL): Promise<{ bytes: Uint8Array; model: FastText }> {
  const bytes = new Uint8Array(await readFile(url));
  return { bytes, model: await loadFastText(fileInMemory(url.pathname, bytes)) };
}

const written = Object.keys(goldens).filter((name) => name !== "lee_fasttext.bin" && name !== "gensim.bin");

test.each(written)("%s: vectors as the original computes them, to the last bit", async (name) => {
  const { model } = await load(new URL(name, folder));
  const { words, sentences = {}, rows = {}, neighbours = {} } = goldens[name]!;
  for (const [word, expected] of Object.entries(words))
    expect([word, model.vector(word) ?? new Float32Array(model.width)]).toEqual([word, Float32Array.from(expected)]);
  for (const [line, expected] of Object.entries(sentences))
    expect([line, model.sentenceVector(line)]).toEqual([line, Float32Array.from(expected)]);
  for (const [word, expected] of Object.entries(rows))
    expect([word, model.dictionary.rows(word)]).toEqual([word, expected]);
  expectNeighbours(model, neighbours);
});

test.each(written.filter((name) => goldens[name]!.predictions !== undefined))(
  "%s: labels as the original predicts them",
  async (name) => {
    const { model } = await load(new URL(name, folder));
    for (const { line, k, threshold, found } of goldens[name]!.predictions!) {
      const ours = model.predict(line, { k: k < 0 ? Infinity : k, threshold });
      expect([line, ours.length]).toEqual([line, found.length]);
      for (const [i, { label, probability }] of ours.entries()) {
        const [itsLabel, itsProbability] = found[i]!;
        expect(Math.abs(probability - itsProbability), `${line}: ${label}`).toBeLessThan(1e-6);
        // Of labels that are equally probable, as often by its table of sigmoids, any may come first in the original.
        const all = model.predict(line, { k: Infinity });
        if (label !== itsLabel) expect(all.find((one) => one.label === itsLabel)!.probability).toBe(probability);
      }
    }
  },
);

test.each(written)("%s: written again, it is the same bytes", async (name) => {
  const { bytes, model } = await load(new URL(name, folder));
  expect(Buffer.concat([...serializeFastText(model)]).equals(bytes)).toBe(true);
});

function expectNeighbours(model: FastText, neighbours: NonNullable<Values["neighbours"]>): void {
  const queries = new WordQueries(model.wordVectors(), { lookup: model });
  for (const [word, expected] of Object.entries(neighbours)) {
    const found = queries.nearest(word, expected.length);
    expect([word, found.map((each) => each.word)]).toEqual([word, expected.map(([other]) => other)]);
    for (const [i, { score }] of found.entries()) expect(Math.abs(score - expected[i]![1])).toBeLessThan(1e-6);
  }
}

test("quantised models stay codes, their pruned buckets and lengths of rows among them", async () => {
  const { model } = await load(new URL("pruned.ftz", folder));
  const { input, output, dictionary } = model;
  expect(input).toBeInstanceOf(QuantizedMatrix);
  expect(output).toBeInstanceOf(QuantizedMatrix);
  expect((input as QuantizedMatrix).norms).toBeDefined();
  expect(dictionary.kept!.size).toBeGreaterThan(100);
  expect(input.rows).toBe(300);
});

test("a model that gensim wrote has the vectors that gensim gives", async () => {
  const { model } = await load(new URL("gensim.bin", folder));
  for (const [word, expected] of Object.entries(goldens["gensim.bin"]!.words))
    for (const [j, x] of (model.vector(word) ?? new Float32Array(6)).entries()) expect(x).toBeCloseTo(expected[j]!, 6);
});

test.skipIf(!existsSync(lee))(
  "a file from before there were versions, as fasttext 0.9.3 and its .vec file have it",
  async () => {
    const { model } = await load(new URL("lee_fasttext.bin", lee));
    expect(model.settings).toMatchObject({ task: "skip-gram", loss: "negative-sampling", width: 10 });
    for (const [word, expected] of Object.entries(goldens["lee_fasttext.bin"]!.words))
      expect([word, model.vector(word)]).toEqual([word, Float32Array.from(expected)]);
    expectNeighbours(model, goldens["lee_fasttext.bin"]!.neighbours!);
    const [head, ...lines] = (await readFile(new URL("lee_fasttext.vec", lee), "utf8")).trimEnd().split("\n");
    expect(head).toBe("1762 10");
    for (const line of lines) {
      const [word, ...numbers] = line.trim().split(" ");
      // fastText 0.1 gave the end of a line n-grams; no version since has.
      if (word === "</s>") continue;
      for (const [j, x] of model.vector(word!)!.entries())
        expect(Math.abs(x / Number(numbers[j]) - 1)).toBeLessThan(1e-4);
    }
  },
);
