import { expect, test } from "vitest";

import type { Cooccurrences } from "../counting/cooccurrences.ts";
import { countCooccurrences } from "../counting/count-cooccurrences.ts";
import { golden, goldenIds } from "../../../../test/glove/golden.ts";
import { memoryScratch } from "../../../../test/glove/memory-scratch.ts";
import { newPairs, pairLength } from "../training/pairs.ts";
import { type ShuffledPairs, type ShuffleOptions, shufflePairs } from "./shuffled-pairs.ts";

const weighting = { xMax: 3, alpha: 0.75 };
const options: ShuffleOptions = { seed: 1, weighting, memory: 2 ** 20, scratch: undefined, signal: undefined };
const counted = (size = 4): Promise<Cooccurrences> =>
  countCooccurrences([goldenIds()], { vocabulary: golden.vocabulary.length, window: { size } });

async function listed(pairs: ShuffledPairs): Promise<string[]> {
  const all = newPairs(pairs.size);
  await pairs.read(0, all.integers);
  return Array.from({ length: pairs.size }, (_, n) => {
    const at = n * pairLength;
    return [...all.integers.subarray(at, at + 2), ...all.floats.subarray(at + 2, at + 4)].join(" ");
  });
}
const expected = golden.counts[0]!.records.map(([i, j, x]) =>
  [i, j, Math.fround(Math.log(x)), Math.fround(Math.min(1, (x / 3) ** 0.75))].join(" "),
);

test("every pair once, with log x and f(x), in an order that the seed gives", async () => {
  const found = await listed(await shufflePairs(await counted(), options));
  expect(found).not.toEqual(expected);
  expect([...found].sort()).toEqual([...expected].sort());
  expect(await listed(await shufflePairs(await counted(), options))).toEqual(found);
  expect(await listed(await shufflePairs(await counted(), { ...options, seed: 2 }))).not.toEqual(found);
});

test("by way of the disk, too; and a part of them can be read", async () => {
  const scratch = memoryScratch();
  const pairs = await shufflePairs(await counted(), { ...options, memory: 2048, scratch });
  expect([scratch.created > 4, scratch.open]).toEqual([true, 1]);
  const found = await listed(pairs);
  expect([...found].sort()).toEqual([...expected].sort());
  const two = newPairs(2);
  await pairs.read(5, two.integers);
  expect(`${two.integers[0]} ${two.integers[1]}`).toBe(found[5]!.split(" ").slice(0, 2).join(" "));
  await pairs.release();
  expect(scratch.open).toBe(0);
});

test("first places are drawn evenly, in memory and on disk", async () => {
  // 3 words, all next to all: 9 pairs. Chi-squared with 8 degrees of freedom is below 26.1 in 999 of 1000 cases.
  for (const memory of [2 ** 20, 96]) {
    const counts = await countCooccurrences([Int32Array.of(0, 1, 2, 0, 1, 1, 2, 2, 0, 0)], { vocabulary: 3 });
    const seen = new Map<string, number>();
    for (let seed = 0; seed < 270; seed++) {
      const first = newPairs(1);
      const pairs = await shufflePairs(counts, { ...options, seed, memory, scratch: memoryScratch() });
      expect(pairs.size).toBe(9);
      await pairs.read(0, first.integers);
      const pair = `${first.integers[0]} ${first.integers[1]}`;
      seen.set(pair, (seen.get(pair) ?? 0) + 1);
    }
    expect(seen.size).toBe(9);
    expect([...seen.values()].reduce((sum, n) => sum + (n - 30) ** 2 / 30, 0)).toBeLessThan(26.1);
  }
});

test("what does not fit and has no place to go is refused; a full disk leaves nothing behind", async () => {
  const counts = await counted();
  await expect(shufflePairs(counts, { ...options, memory: 2048 })).rejects.toThrow(
    /up to \d+ pairs take \d+ bytes, more than the memory of 2048. Give more of it, or a scratch/,
  );
  for (const room of [1000, 5000]) {
    const scratch = memoryScratch(room);
    await expect(shufflePairs(counts, { ...options, memory: 2048, scratch })).rejects.toThrow("no space left");
    expect(scratch.open).toBe(0);
  }
  const scratch = memoryScratch();
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(shufflePairs(counts, { ...options, memory: 2048, scratch, signal })).rejects.toThrow("enough");
  expect(scratch.open).toBe(0);
});
