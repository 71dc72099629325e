import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { Pace } from "../pace.ts";
import { mergePairs } from "./merge-pairs.ts";

const alphabet = ["a", "b", "c"];
const join = (left: string, right: string): string => left + right;

/** The paper's program: all pairs are counted again for each merge. */
function countAgain(words: readonly string[], counts: readonly number[]): string[] {
  const ids = new Map(alphabet.map((token, id) => [token, id]));
  const merges: string[] = [];
  for (let rest = words.map((word) => [...word]); ;) {
    const pairs = new Map<string, { left: string; right: string; count: number }>();
    for (const [index, word] of rest.entries()) {
      for (const [at, right] of word.slice(1).entries()) {
        const left = word[at]!;
        const pair = pairs.get(`${left} ${right}`) ?? { left, right, count: 0 };
        pairs.set(`${left} ${right}`, { ...pair, count: pair.count + counts[index]! });
      }
    }
    const [best] = [...pairs.values()].sort(
      (a, b) => b.count - a.count || ids.get(a.left)! - ids.get(b.left)! || ids.get(a.right)! - ids.get(b.right)!,
    );
    if (best === undefined) return merges;
    ids.set(best.left + best.right, ids.size);
    merges.push(`${best.left} ${best.right}`);
    rest = rest.map((word) => mergeOnce(word, best.left, best.right));
  }
}

function mergeOnce([first, second, ...rest]: readonly string[], left: string, right: string): string[] {
  if (first === undefined) return [];
  if (second === undefined) return [first];
  return first === left && second === right
    ? [left + right, ...mergeOnce(rest, left, right)]
    : [first, ...mergeOnce([second, ...rest], left, right)];
}

test("counts that are kept up to date give the merges of counting again", async () => {
  const dice = random(1);
  let compared = 0;
  for (let trial = 0; trial < 200; trial++) {
    const texts = Array.from({ length: 1 + dice.integer(8) }, () =>
      Array.from({ length: 1 + dice.integer(9) }, () => dice.pick(alphabet)).join(""),
    );
    const words = [...new Set(texts)];
    const counts = words.map(() => 1 + dice.integer(4));
    const expected = countAgain(words, counts);
    const { tokens, merges } = await mergePairs(
      {
        tokens: alphabet,
        words: words.map((word) => Array.from(word, (letter) => alphabet.indexOf(letter))),
        counts,
        maximumSize: alphabet.length + expected.length,
        minimumCount: 1,
        join,
      },
      new Pace({}),
    );
    expect(merges.map((pair) => pair.join(" "))).toEqual(expected);
    expect(tokens).toEqual([...alphabet, ...expected.map((pair) => pair.replace(" ", ""))]);
    compared += expected.length;
  }
  expect(compared).toBeGreaterThan(1000);
});

test("a pair whose text is a token already, a special one, is left alone", async () => {
  const words = [
    [1, 2],
    [1, 2, 3],
  ];
  const start = { tokens: ["ab", "a", "b", "c"], words, counts: [3, 2], maximumSize: 9, minimumCount: 2, join };
  expect(await mergePairs(start, new Pace({}))).toEqual({
    tokens: ["ab", "a", "b", "c", "bc", "abc"],
    merges: [
      ["b", "c"],
      ["a", "bc"],
    ],
  });
});
