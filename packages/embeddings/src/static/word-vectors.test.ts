import { expect, test } from "vitest";

import { WordVectors } from "./word-vectors.ts";

test("a word's vector is its row", () => {
  const vectors = new WordVectors({
    words: ["a", "b"],
    data: Float32Array.of(1, 2, 3, 4),
    counts: Float64Array.of(5, 1),
  });
  expect([vectors.width, vectors.row("b"), vectors.row("c")]).toEqual([2, 1, undefined]);
  expect(vectors.vector("b")).toEqual(Float32Array.of(3, 4));
  expect(vectors.vector("c")).toBeUndefined();
});

test("what does not fit is refused", () => {
  const data = Float32Array.of(1, 2, 3);
  expect(() => new WordVectors({ words: ["a", "b"], data })).toThrow("3 numbers are not vectors of 2 words");
  expect(() => new WordVectors({ words: [], data })).toThrow("3 numbers are not vectors of 0 words");
  expect(() => new WordVectors({ words: ["a"], data, counts: new Float64Array(2) })).toThrow("1 words have 2 counts");
  expect(() => new WordVectors({ words: ["a", "b", "a"], data })).toThrow('"a" stands in rows 0 and 2');
});
