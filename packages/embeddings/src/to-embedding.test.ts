import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { WordVectors } from "./static/word-vectors.ts";
import { toEmbedding, type TokenNames } from "./to-embedding.ts";

const vectors = new WordVectors({ words: ["sun", "moon", "sea"], data: Float32Array.of(1, 0, 0.5, 0.5, 0, 4) });
const named = (...names: string[]): TokenNames => ({ size: names.length, token: (id) => names[id]! });
const names = named("[PAD]", "moon", "Ġsun", "mud");

test("each token begins with the vector of its word, and the others as they are to begin", async () => {
  const rowsOf = async (missing?: "random" | "mean" | "zeros") => {
    const made = toEmbedding(vectors, names, { random: random(1), missing, wordOf: (token) => token.replace("Ġ", "") });
    expect([made.found, made.missing, made.embedding.vocabulary, made.embedding.width]).toEqual([
      2,
      ["[PAD]", "mud"],
      4,
      2,
    ]);
    const table = await made.embedding.table.host();
    expect([...table.slice(2, 6)]).toEqual([0.5, 0.5, 1, 0]);
    return [...table.slice(0, 2), ...table.slice(6)];
  };
  expect(await rowsOf("zeros")).toEqual([0, 0, 0, 0]);
  expect(await rowsOf("mean")).toEqual([0.75, 0.25, 0.75, 0.25]);
  const drawn = await rowsOf();
  expect(new Set(drawn).size).toBe(4);
  expect(await rowsOf("random")).toEqual(drawn);
});

test("a vocabulary of which nothing is known, and a way that there is none of, are refused", () => {
  expect(() => toEmbedding(vectors, named("[PAD]", "Ġsun"), { random: random(1) })).toThrow(
    'none of the 2 tokens, such as "[PAD]", "Ġsun", has a vector; say with `wordOf` which word a token stands for',
  );
  expect(() => toEmbedding(vectors, names, { random: random(1), missing: "ones" as "mean" })).toThrow(
    '`missing` is "random", "mean" or "zeros", got "ones"',
  );
});
