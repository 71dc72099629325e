import { expect, test } from "vitest";

import { huffmanPaths } from "../vocabulary/huffman.ts";
import { FastTextDictionary } from "./dictionary.ts";
import { FastText } from "./fasttext.ts";
import { serializeFastText } from "./file/serialize.ts";
import { labelTree } from "./label-tree.ts";
import { DenseMatrix } from "./matrix.ts";
import { bestLeaves } from "./predict.ts";
import type { FastTextSettings } from "./settings.ts";

const training = { window: 5, epochs: 1, minimumCount: 1, negatives: 5, learningRateUpdate: 100, subsample: 0 };
const subwords = { shortest: 3, longest: 3, wordNgrams: 1, buckets: 4 };
const settings: FastTextSettings = { task: "skip-gram", loss: "softmax", width: 2, subwords, training };
const dictionary = new FastTextDictionary({
  words: ["sun", "</s>"],
  labels: ["__label__a"],
  counts: Float64Array.of(7, 2, 5),
  tokens: 14,
  subwords,
});
const input = new DenseMatrix(
  6,
  2,
  Float32Array.from({ length: 12 }, (_, i) => i),
);
const model = new FastText({ settings, dictionary, input, output: new DenseMatrix(2, 2, new Float32Array(4)) });

test("what does not fit is refused", () => {
  const output = new DenseMatrix(3, 2, new Float32Array(6));
  expect(() => new FastText({ settings, dictionary, input, output })).toThrow(
    "FastText: output is 3 × 2; the dictionary and the width ask for 2 × 2",
  );
  expect(() => new DenseMatrix(2, 2, new Float32Array(5))).toThrow("DenseMatrix: 5 numbers are not 2 rows of 2");
  const twice = { words: ["a"], labels: ["a"], counts: new Float64Array(2), tokens: 2, subwords };
  expect(() => new FastTextDictionary(twice)).toThrow('FastTextDictionary: "a" occurs twice; give each once');
  expect(() => new FastTextDictionary({ ...twice, labels: [] })).toThrow("1 words and labels have 2 counts");
  expect(() => model.predict("sun")).toThrow(
    "predict: the model was trained for skip-gram and knows no labels; use a classifier",
  );
  expect(() => model.sentenceVector("sun\nmoon")).toThrow(
    "sentenceVector: the text has more than one line; give one at a time",
  );
  const classifier = new FastText({
    settings: { ...settings, task: "supervised" },
    dictionary,
    input,
    output: new DenseMatrix(1, 2, new Float32Array(2)),
  });
  expect(() => classifier.predict("sun", { k: 0 })).toThrow("k is 0; give a whole number from 1 on, or Infinity");
  expect(() => classifier.predict("sun", { k: 1.5 })).toThrow("k is 1.5");
  expect(() => classifier.predict("sun", { threshold: NaN })).toThrow("threshold is NaN; give a probability");
  const zero = { ...twice, words: ["a\0b"], labels: [], counts: new Float64Array(1) };
  const unwritable = new FastText({
    settings,
    dictionary: new FastTextDictionary(zero),
    input: new DenseMatrix(5, 2, new Float32Array(10)),
    output: new DenseMatrix(1, 2, new Float32Array(2)),
  });
  expect(() => [...serializeFastText(unwritable)]).toThrow('the word "a\\u0000b" holds a zero byte, which ends a word');
});

test("the end of a line has no n-grams, a word without any has no vector, and words' vectors are made once", () => {
  expect(model.vector("</s>")).toEqual(Float32Array.of(2, 3));
  expect(dictionary.rows("sun")).toHaveLength(4);
  const without = { ...subwords, longest: 0 };
  const plain = new FastText({
    settings: { ...settings, subwords: without },
    dictionary: new FastTextDictionary({ ...dictionary, subwords: without }),
    input,
    output: model.output,
  });
  expect([plain.vector("sun"), plain.vector("moon")]).toEqual([Float32Array.of(0, 1), undefined]);
  expect(plain.sentenceVector("moon \t stars")).toEqual(new Float32Array(2));
  const zero = new FastText({
    ...plain,
    input: new DenseMatrix(6, 2, Float32Array.of(3, 4, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1)),
  });
  expect(zero.sentenceVector("sun </s>")).toEqual(Float32Array.of(0.6, 0.8)); // no direction, so no part in the mean
  const words = model.wordVectors();
  expect(words.vector("sun")).toEqual(model.vector("sun"));
  expect(words.counts).toEqual(Float64Array.of(7, 2));
  expect(model.wordVectors()).toBe(words);
});

test("a line gives rows and labels, and ends at its end", () => {
  const { rows, labels } = dictionary.line(["sun", "__label__a", "__label__unknown", "</s>", "sun"]);
  expect(labels).toEqual([0]);
  expect(rows).toEqual([...dictionary.rows("sun"), 1]);
  const hashed = new FastTextDictionary({ ...dictionary, labelPrefix: "#" });
  expect(hashed.line(["#new", "__label__new"]).rows).toEqual(hashed.rows("__label__new"));
});

test("a tree of labels: the frequent ones are near the root, and the best leaves are those of all paths", () => {
  const counts = Float64Array.of(50, 20, 10, 5, 5, 1);
  const tree = labelTree(counts);
  const { starts, nodes, labels } = huffmanPaths(counts); // what a training goes along
  const output = new DenseMatrix(
    6,
    3,
    Float32Array.from({ length: 18 }, (_, i) => Math.sin(7 * i)),
  );
  const hidden = Float32Array.of(1, -0.5, 2);
  const expected = [...counts]
    .map((_, label) => {
      let probability = 1;
      for (let i = starts[label]!; i < starts[label + 1]!; i++)
        probability /= 1 + Math.exp((labels[i] === 1 ? 1 : -1) * output.dotRow(nodes[i]!, hidden));
      return { label, probability };
    })
    .sort((a, b) => b.probability - a.probability);
  for (const k of [1, 2, 6]) {
    const found = bestLeaves(tree, output, hidden, k, 0);
    expect(found.map(({ label }) => label)).toEqual(expected.slice(0, k).map(({ label }) => label));
    for (const [i, { score }] of found.entries()) expect(Math.exp(score)).toBeCloseTo(expected[i]!.probability, 4);
  }
  expect(bestLeaves(tree, output, hidden, 6, expected[1]!.probability - 1e-3)).toHaveLength(2);
  expect(bestLeaves(labelTree(Float64Array.of(3)), output, hidden, 1, 0)).toEqual([{ label: 0, score: 0 }]);
});
