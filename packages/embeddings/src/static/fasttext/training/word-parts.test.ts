import { expect, test } from "vitest";

import { FastTextDictionary } from "../dictionary.ts";
import { wordParts } from "./word-parts.ts";

test("the rows of all words, one after the other, and what their means gain", () => {
  const subwords = { shortest: 2, longest: 2, wordNgrams: 1, buckets: 10_000 };
  const words = ["ababab", "</s>", "sun"];
  const dictionary = new FastTextDictionary({ words, labels: [], counts: new Float64Array(3), tokens: 0, subwords });
  const { starts, rows, gains, most } = wordParts(dictionary);
  for (const [w, word] of words.entries())
    expect([...rows.subarray(starts[w], starts[w + 1])]).toEqual(dictionary.rows(word));
  // <ababab> has <a, ab three times, ba twice and b>; with the word itself these are eight.
  expect([...gains]).toEqual([(1 + 1 + 9 + 4 + 1) / 8, 1, 1].map(Math.fround));
  expect(most).toBe(8);
});
