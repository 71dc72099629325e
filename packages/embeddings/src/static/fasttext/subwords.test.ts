import { expect, test } from "vitest";

import { hash, wordNgramBuckets } from "./hash.ts";
import { bounded, characterBuckets, characterNgrams, type SubwordSettings, utf8 } from "./subwords.ts";

const settings = (shortest: number, longest: number): SubwordSettings => ({
  shortest,
  longest,
  wordNgrams: 1,
  buckets: 1000,
});

function ngrams(word: string, shortest: number, longest: number): string[] {
  const found: string[] = [];
  const bytes = bounded(word);
  const text = new TextDecoder("utf-8", { fatal: true });
  characterNgrams(bytes, settings(shortest, longest), (begin, end) =>
    found.push(text.decode(bytes.subarray(begin, end))),
  );
  return found;
}

test("the n-grams of where, as in section 3.2 of the paper", () => {
  expect(ngrams("where", 3, 3)).toEqual(["<wh", "whe", "her", "ere", "re>"]);
});

test("n-grams are of code points, and < and > alone are none", () => {
  expect(ngrams("é猫", 1, 2)).toEqual(["<é", "é", "é猫", "猫", "猫>"]);
  expect(ngrams("🐝", 1, 9)).toEqual(["<🐝", "<🐝>", "🐝", "🐝>"]);
  expect(ngrams("", 1, 3)).toEqual(["<>"]);
  expect(ngrams("ab", 4, 3)).toEqual([]);
  expect(characterBuckets("ab", settings(1, 0))).toEqual([]);
});

test("FNV-1a, with bytes as signed chars", () => {
  expect(hash(utf8(""))).toBe(0x811c9dc5);
  expect(hash(utf8("foobar"))).toBe(0xbf9cf968); // published with the algorithm
  let usual = 0x811c9dc5;
  for (const byte of utf8("é")) usual = Math.imul(usual ^ byte, 0x01000193);
  expect(hash(utf8("é"))).not.toBe(usual >>> 0);
});

test("hashes of word n-grams are those of 64-bit arithmetic", () => {
  const hashes = ["red", "猫", "é", "cat", "x", "</s>"].map((word) => hash(utf8(word)));
  for (const buckets of [7, 2_000_000, 2 ** 31 - 1]) {
    const expected: number[] = [];
    const signed = hashes.map((h) => BigInt(h | 0));
    for (const [i, first] of signed.entries()) {
      let h = BigInt.asUintN(64, first);
      for (const next of signed.slice(i + 1, i + 4)) {
        h = BigInt.asUintN(64, h * 116049371n + next);
        expected.push(Number(h % BigInt(buckets)));
      }
    }
    const found: number[] = [];
    wordNgramBuckets(hashes, 4, buckets, (bucket) => found.push(bucket));
    expect(found).toEqual(expected);
  }
});
