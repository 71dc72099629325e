import { expect, test } from "vitest";

import { WordVectors } from "../word-vectors.ts";
import { encodeVectors } from "./encode-vectors.ts";

test("words that a format cannot hold, and options that make no sense, are refused", () => {
  const encode = (word: string, format: "glove" | "word2vec" | "safetensors", spaces?: string) => () =>
    encodeVectors(new WordVectors({ words: [word, "a_b"], data: Float32Array.of(1, 2) }), { format, spaces });
  expect(encode("new york", "word2vec")).toThrow(
    'word2vec cannot hold "new york": it has a space, which this format puts behind a word; say with `spaces`',
  );
  expect(encode("a b", "word2vec", "_")).toThrow('with "_" for its spaces, "a b" is spelled as another word');
  expect(encode("route 66", "glove")).toThrow("a part of it reads as a number");
  expect(encode("", "glove")).toThrow("it is empty");
  expect(encode("a\nb", "safetensors")).toThrow("it has a line break");
  expect(encode("\ud83e", "word2vec")).toThrow("half a surrogate pair");
  expect(() =>
    encodeVectors(new WordVectors({ words: ["sun"], data: Float32Array.of(1) }), { format: "safetensors", digits: 3 }),
  ).toThrow("`digits`, of a text, is a whole number from 1 to 9");
});
