import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { TranslationBatch } from "./batch.ts";
import { translationBatches, type TranslationBatchesOptions } from "./translation-batches.ts";

const [begin, end] = [1, 2];
/** Sources of ids from 10, 1 to 12 of them; targets from 30 that are up to three shorter or longer, and may be empty. */
const pairs = Array.from({ length: 90 }, (_, i) => {
  const draw = random(4).fork(i);
  const length = 1 + draw.integer(12);
  const text = (from: number, length: number): number[] => Array.from({ length }, () => from + draw.integer(20));
  return { source: text(10, length), target: text(30, Math.max(0, length - 3 + draw.integer(7))) };
});
const make = (change: Partial<TranslationBatchesOptions> = {}) =>
  translationBatches({ pairs, tokens: 60, begin, end, random: random(1), ...change });

/** The pairs of a batch, after all that must hold of it has been checked. */
function pairsIn({ source, inputs, targets, lengths, shape }: TranslationBatch) {
  expect(source.shape[0]).toBe(shape[0]);
  return Array.from({ length: shape[0] }, (_, row) => {
    const rowOf = (all: Int32Array, width: number, length = width): { text: number[]; rest: number[] } => {
      const whole = [...all.subarray(row * width, (row + 1) * width)];
      return { text: whole.slice(0, length), rest: whole.slice(length) };
    };
    const read = rowOf(source.inputs, source.shape[1], source.lengths?.[row]);
    const given = rowOf(inputs, shape[1], lengths?.[row]);
    const asked = rowOf(targets, shape[1], lengths?.[row]);
    expect([given.text[0], asked.text.at(-1)]).toEqual([begin, end]);
    expect(given.text.slice(1)).toEqual(asked.text.slice(0, -1));
    expect([...read.rest, ...given.rest].every((id) => id === 0)).toBe(true);
    expect(asked.rest.every((id) => id === -100)).toBe(true);
    return { source: read.text, target: given.text.slice(1) };
  });
}

const sorted = (some: readonly { source: readonly number[]; target: readonly number[] }[]): string[] =>
  some.map((pair) => JSON.stringify(pair)).sort();

test("every pair once in an epoch, whole, between begin and end, within the tokens on either side", () => {
  const batches = make();
  const all = Array.from({ length: batches.perEpoch }, (_, i) => batches(2 * batches.perEpoch + i));
  expect(sorted(all.flatMap(pairsIn))).toEqual(sorted(pairs));
  for (const { shape, source } of all) expect(shape[0] * Math.max(shape[1], source.shape[1])).toBeLessThanOrEqual(60);
  expect(batches.leftOut).toBe(0);
});

test("lengths are there only where there is padding", () => {
  const same = [
    { source: [5, 6], target: [7] },
    { source: [8, 9], target: [4] },
  ];
  const { source, lengths } = make({ pairs: same, tokens: undefined, rows: 2 })(0);
  expect([lengths, source.lengths]).toEqual([undefined, undefined]);
  const other = make({ pairs: [...same, { source: [5], target: [7, 7, 7] }], tokens: undefined, rows: 3 })(0);
  expect([other.lengths?.toSorted(), other.source.lengths?.toSorted()]).toEqual([
    Int32Array.of(2, 2, 4),
    Int32Array.of(1, 2, 2),
  ]);
});

test("pairs that are too long are left out where that is asked for, and counted", () => {
  const batches = make({ longest: 8 });
  const kept = pairs.filter(({ source, target }) => source.length <= 8 && target.length <= 7);
  expect(batches.leftOut).toBe(pairs.length - kept.length);
  expect(sorted(Array.from({ length: batches.perEpoch }, (_, i) => batches(i)).flatMap(pairsIn))).toEqual(sorted(kept));
  // Pairs that are left out before it do not change the number of one that is refused.
  const pair = (length: number) => ({ source: Array<number>(length).fill(9), target: [4] });
  expect(() => make({ pairs: [pair(30), pair(12), pair(4)], tokens: 10, longest: 20 })).toThrow(
    "translationBatches: pair 1 takes 12 positions, and a batch may have 10. Raise tokens, or shorten it or leave it out.",
  );
  expect(() => make({ tokens: undefined })).toThrow(
    "translationBatches: nothing says how large a batch is; give tokens",
  );
  expect(() => make({ longest: NaN })).toThrow("translationBatches: longest must be a whole number from 1 up, got NaN");
});

test("what is no pair is refused by its number", () => {
  const one = { source: [3], target: [4] };
  expect(() => make({ pairs: [one, { source: [], target: [4] }] })).toThrow(
    "translationBatches: pair 1 has no source; leave it out, or mark the end of every source",
  );
  expect(() => make({ pairs: [one, { source: [3, -1], target: [4] }] })).toThrow(
    "translationBatches: source of pair 1: token id -1 at place 1 is out of range",
  );
  expect(() => make({ pairs: [{ source: [3], target: [0.5] }] })).toThrow(
    "translationBatches: target of pair 0: token",
  );
  expect(() => make({ pairs: [] })).toThrow("translationBatches: there is no pair");
  expect(() => make({ pairs: [one, one], longest: 1 })).toThrow(
    "translationBatches: all 2 pairs take more than 1 positions",
  );
  expect(() => make({ begin: -1 })).toThrow(
    "translationBatches: begin must be an id, a whole number from 0 up, got -1",
  );
});
