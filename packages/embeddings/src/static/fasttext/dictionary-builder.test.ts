import { expect, test } from "vitest";

import { DictionaryBuilder } from "./dictionary-builder.ts";

const subwords = { shortest: 0, longest: 0, wordNgrams: 1, buckets: 0 };

function count(text: string, builder: DictionaryBuilder = new DictionaryBuilder()): DictionaryBuilder {
  for (const token of text.split(" ")) builder.add(token);
  return builder;
}

test("words and labels apart, the frequent first, of equals those that came first", () => {
  const text = "a b </s> __label__x b c </s> __label__y __label__x c c d </s>";
  const dictionary = count(text).build({ minimumCount: 2, minimumLabelCount: 0 }, subwords);
  expect(dictionary.words).toEqual(["</s>", "c", "b"]);
  expect(dictionary.labels).toEqual(["__label__x", "__label__y"]);
  expect([...dictionary.counts]).toEqual([3, 3, 2, 2, 1]);
  expect(dictionary.tokens).toBe(13);
  expect(count(text).build({ minimumCount: 1, minimumLabelCount: 2 }, subwords).labels).toEqual(["__label__x"]);
  const hashed = count("#x a", new DictionaryBuilder("#")).build({ minimumCount: 1, minimumLabelCount: 1 }, subwords);
  expect([hashed.words, hashed.labels, hashed.labelPrefix]).toEqual([["a"], ["#x"], "#"]);
});

test("a text without a frequent word is refused", () => {
  expect(() => count("a b c").build({ minimumCount: 2, minimumLabelCount: 0 }, subwords)).toThrow(
    "none of the text's 3 words occurs 2 times; take a lower minimum count, or more text",
  );
});

test("where there are too many words, the rarest are forgotten, then the next", () => {
  const builder = count("a a a b b c d e f a g", new DictionaryBuilder("__label__", 4));
  // e is the fifth: c, d and e itself go. f and g fit.
  expect([...builder.entries]).toEqual([
    ["a", 4],
    ["b", 2],
    ["f", 1],
    ["g", 1],
  ]);
  count("h", builder);
  expect([...builder.entries]).toEqual([["a", 4]]); // fewer than 3
});
