import { array, assert, asyncProperty, boolean, integer, record } from "fast-check";
import { expect, test } from "vitest";

import { golden, goldenIds } from "../../../../test/glove/golden.ts";
import { memoryScratch } from "../../../../test/glove/memory-scratch.ts";
import { zipf } from "../../../../test/glove/zipf.ts";
import type { Cooccurrences } from "./cooccurrences.ts";
import { countCooccurrences } from "./count-cooccurrences.ts";
import type { WindowOptions } from "./window-counter.ts";

type Counts = readonly (readonly [word: number, context: number, count: number])[];

async function listed(counts: Cooccurrences): Promise<Counts> {
  const found: [number, number, number][] = [];
  for await (const { words, contexts, counts: x } of counts.blocks())
    x.forEach((count, i) => found.push([words[i]!, contexts[i]!, count]));
  return found.sort(([i, j], [k, l]) => i - k || j - l);
}

/** All that the blocks hold, in their order. */
async function written(counts: Cooccurrences): Promise<string> {
  let all = "";
  for await (const { words, contexts, counts: x } of counts.blocks())
    all += [words, contexts, x].map((numbers) => numbers.join()).join("/");
  return all;
}

/** Every pair of places of a line, one by one. */
function bruteForce(ids: Int32Array, { size = 15, symmetric = true, distanceWeighting = true }: WindowOptions): Counts {
  const found = new Map<string, number>();
  const add = (i: number, j: number, x: number) => found.set(`${i} ${j}`, (found.get(`${i} ${j}`) ?? 0) + x);
  let line: number[] = [];
  for (const id of [...ids, -1]) {
    if (id >= 0) {
      line.push(id);
      continue;
    }
    line.forEach((word, at) => {
      line.slice(at + 1, at + 1 + size).forEach((context, n) => {
        const x = distanceWeighting ? 1 / (n + 1) : 1;
        add(word, context, x);
        if (symmetric) add(context, word, x);
      });
    });
    line = [];
  }
  return [...found]
    .map(([pair, x]) => [...pair.split(" ").map(Number), x] as [number, number, number])
    .sort(([i, j], [k, l]) => i - k || j - l);
}

test("counts have the bits of the original program's", async () => {
  const ids = goldenIds();
  const vocabulary = golden.vocabulary.length;
  for (const { window, records } of golden.counts) {
    const counts = await countCooccurrences([ids], { vocabulary, window });
    expect(await listed(counts)).toEqual(records);
  }
});

const windows = record({
  size: integer({ min: 1, max: 6 }),
  symmetric: boolean(),
  distanceWeighting: boolean(),
});

test("any text in any pieces: as counted place by place", async () => {
  const lines = array(integer({ min: -1, max: 12 }), { maxLength: 80 });
  await assert(
    asyncProperty(lines, windows, integer({ min: 1, max: 90 }), async (ids, window, cut) => {
      const text = Int32Array.from(ids);
      const pieces = [text.subarray(0, cut), text.subarray(cut)];
      const found = await listed(await countCooccurrences(pieces, { vocabulary: 13, window }));
      const expected = bruteForce(text, window);
      expect(found.map(([i, j]) => [i, j])).toEqual(expected.map(([i, j]) => [i, j]));
      found.forEach(([, , x], n) => expect(x).toBeCloseTo(expected[n]![2], 12));
    }),
    { numRuns: 60 },
  );
});

test("runs on disk, merged, are what one memory holds", async () => {
  const text = zipf(6000, 3000);
  for (const symmetric of [true, false]) {
    const window = { size: 5, symmetric, distanceWeighting: false };
    const whole = await countCooccurrences([text], { vocabulary: 3000, window });
    const scratch = memoryScratch();
    const spilled = await countCooccurrences([text], { vocabulary: 3000, window, memory: 70_000, scratch });
    expect(scratch.created).toBeGreaterThan(5);
    const found = await written(spilled);
    expect(found === (await written(whole))).toBe(true);
    expect(found === (await written(spilled)), "it can be read again").toBe(true);
    await spilled.release();
    expect(scratch.open).toBe(0);
  }
});

test("what is refused, and what is left behind", async () => {
  const text = [zipf(12_000, 3000)];
  const count = (options: object, of: Iterable<Int32Array> = text) =>
    countCooccurrences(of, { vocabulary: 3000, memory: 70_000, ...options });
  await expect(count({})).rejects.toThrow(
    "the counts take more than the memory of 70000 bytes. Give more of it, or a scratch to put counts in (in Node, temporaryFiles()), or count less",
  );
  await expect(count({ vocabulary: 2 })).rejects.toThrow(/the text has id \d+, but a vocabulary of 2 ends at 1/);
  await expect(count({ vocabulary: 0 })).rejects.toThrow("vocabulary is the number of words, at least 1, got 0");
  await expect(count({ memory: 1000 })).rejects.toThrow("at least 67456 for this window, got 1000");
  await expect(count({ window: { size: 0 } })).rejects.toThrow("a whole number from 1 to 10,000, got 0");

  const full = memoryScratch(200_000);
  await expect(count({ scratch: full })).rejects.toThrow("no space left");
  expect([full.created > 1, full.open]).toEqual([true, 0]);

  const scratch = memoryScratch();
  const stop = new AbortController();
  function* pieces(): Generator<Int32Array> {
    for (let from = 0; from < 12_000; from += 1000) {
      if (from === 8000) stop.abort(new Error("enough"));
      yield text[0]!.subarray(from, from + 1000);
    }
  }
  await expect(count({ scratch, signal: stop.signal }, pieces())).rejects.toThrow("enough");
  expect([scratch.created > 1, scratch.open]).toEqual([true, 0]);
});
