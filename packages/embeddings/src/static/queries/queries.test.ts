import * as fc from "fast-check";
import { expect, test } from "vitest";

import { goldens } from "../../../test/word-vectors.ts";
import { WordVectors } from "../word-vectors.ts";
import { plainScan } from "./cosine-scan.ts";
import { sentenceSimilarity, sentenceVectors } from "./sentences.ts";
import { oddOneOut, similarity } from "./similarity.ts";
import { TopScores } from "./top-scores.ts";
import { wasmScan } from "./wasm-scan.ts";
import { type Neighbour, WordQueries } from "./word-queries.ts";

const golden = goldens();
const { vectors } = golden;
const digits = 5;
const close = (found: readonly (readonly [string, number])[]): unknown =>
  found.map(([word, score]) => ({ word, score: expect.closeTo(score, digits) as number }));

test.each(["simd", "plain"] as const)("what is near, and what solves an analogy, is what gensim says: %s", (engine) => {
  const queries = new WordQueries(vectors, { engine });
  for (const [word, found] of Object.entries(golden.nearest)) expect(queries.nearest(word, 5)).toEqual(close(found));
  const words = Object.keys(golden.nearest);
  expect(queries.nearestToEach(words, 5)).toEqual(words.map((word) => queries.nearest(word, 5)));
  for (const { positive, negative, add, multiply } of golden.analogies) {
    expect(queries.analogy({ positive, negative }, 4)).toEqual(close(add));
    expect(queries.analogy({ positive, negative }, 4, "multiply")).toEqual(close(multiply));
  }
});

test("the odd one out and the similarity of words and sentences are what gensim says", () => {
  for (const [words, ranked] of golden.odd) {
    const found = oddOneOut(vectors, words);
    expect(found.map(({ score }) => score)).toEqual(
      ranked.toReversed().map(([score]) => expect.closeTo(score, digits) as number),
    );
    if (words.length > 2) expect(found[0]!.word).toBe(ranked.at(-1)![1]);
  }
  for (const [a, b, score] of golden.similarity) expect(similarity(vectors, a, b)).toBeCloseTo(score, digits);
  for (const [a, b, score] of golden.sentences) expect(sentenceSimilarity(vectors, a, b)).toBeCloseTo(score, digits);
});

test("SIMD finds the cosines that plain loops find, for any width, any number of queries and rows", () => {
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 19 }),
    count: fc.integer({ min: 1, max: 700 }),
    queries: fc.constantFrom(1, 2, 3, 5, 300),
    seed: fc.nat(1000),
  });
  fc.assert(
    fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), ({ width, count, queries, seed }, part) => {
      const value = (i: number): number => Math.sin(i * 12.9898 + seed);
      const data = Float32Array.from({ length: count * width }, (_, i) => (i < width ? 0 : value(i)));
      const rows = Math.max(1, Math.round(part * count));
      const units = Array.from({ length: queries }, (_, q) => {
        const x = Float32Array.from({ length: width }, (_, i) => value(i + 7919 * (q + 1)) + 0.01);
        return x.map((y) => y / Math.hypot(...x));
      });
      const [plain, simd] = [plainScan, wasmScan].map((scan) => {
        const found = new Float32Array(queries * rows).fill(NaN);
        const order: number[] = [];
        scan({ data, width }).scan(units, rows, (query, from, cosines, count) => {
          found.set(cosines.subarray(0, count), query * rows + from);
          order.push(query);
        });
        return found;
      });
      for (let i = 0; i < plain!.length; i++)
        if (!(Math.abs(plain![i]! - simd![i]!) < 2e-6)) expect([i, simd![i]]).toEqual([i, plain![i]]);
      expect(plain![0]).toBe(0);
    }),
    { numRuns: 25 },
  );
});

test("the best of many scores are those that sorting finds", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 })), fc.integer({ min: 1, max: 8 }), (scores, count) => {
      const top = new TopScores(count);
      top.offerAll(Float32Array.from(scores), 0, scores.length);
      const sorted = scores
        .map((score, row) => ({ row, score }))
        .toSorted((a, b) => b.score - a.score || a.row - b.row);
      expect(top.sorted()).toEqual(sorted.slice(0, count));
    }),
  );
});

test("answers may be limited to the first words, asked for with vectors, and with words from elsewhere", () => {
  const few = new WordQueries(vectors, { first: 6 });
  const words = few.nearest("cat", 20).map(({ word }: Neighbour) => word);
  expect(words.toSorted()).toEqual(vectors.words.slice(0, 6).toSorted());
  const king = vectors.vector("king")!;
  expect(
    few.nearest(
      king.map((x) => 3 * x),
      1,
    ),
  ).toEqual([{ word: "king", score: expect.closeTo(1, digits) as number }]);
  const lookup = { width: 6, vector: (word: string) => (word === "emperor" ? king : undefined) };
  expect(new WordQueries(vectors, { lookup }).nearest("emperor", 1)[0]!.word).toBe("king");
});

test("sentences lose what all have in common, and frequent words count little, as numpy works it out", () => {
  const { words, data } = vectors;
  const counted = new WordVectors({ words, data, counts: Float64Array.from(golden.counts) });
  const found = sentenceVectors(counted, golden.texts);
  expect(found.map((x) => [...x])).toEqual(
    golden.smoothed.map((x) => x.map((y) => expect.closeTo(y, digits) as number)),
  );
});

test("what cannot be answered is refused by name", () => {
  const queries = new WordQueries(vectors);
  expect(() => queries.nearest("King")).toThrow(
    'there is no vector of "King"; there is one of "king", or leave it out',
  );
  expect(() => oddOneOut(vectors, ["king", "zebra"])).toThrow(
    'there is no vector of "zebra"; spell it as the text did',
  );
  expect(() => queries.nearest(new Float32Array(5))).toThrow("a vector here has 6 numbers, got 5");
  expect(() => queries.nearest(new Float32Array(6))).toThrow("has no direction: its length is 0");
  expect(() => queries.nearest("king", 0)).toThrow("the number of answers is a whole number from 1 up, got 0");
  expect(() => queries.analogy({ positive: [] })).toThrow("there is nothing to compare with");
  expect(() => queries.analogy({ positive: ["king"] }, 1, "divide" as "add")).toThrow(
    'the method is "add" or "multiply", got "divide"',
  );
  expect(() => new WordQueries(vectors, { first: 0 })).toThrow("`first` is a whole number from 1 up");
  expect(() => new WordQueries(vectors, { engine: "gpu" as "simd" })).toThrow(
    'the engine is "simd" or "plain", got "gpu"',
  );
  expect(() => new WordQueries(vectors, { lookup: { width: 3, vector: () => undefined } })).toThrow(
    "the lookup's vectors have 3 numbers and the table's 6",
  );
  expect(() => oddOneOut(vectors, ["king"])).toThrow("it takes two words at least, got 1");
  expect(() => sentenceSimilarity(vectors, [], ["king"])).toThrow("a sentence has no words");
  expect(() => sentenceVectors(vectors, [["king"]])).toThrow("the vectors have no counts");
});
