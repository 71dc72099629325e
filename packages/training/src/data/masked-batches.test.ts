import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { maskedBatches, type MaskedBatchesOptions } from "./masked-batches.ts";

const mask = 50;
const text = Int32Array.from({ length: 500 }, (_, i) => i % 50);
const options = { ids: text, context: 40, batch: 8, random: random(1), vocabulary: 51, mask };
const make = (change: Partial<MaskedBatchesOptions> = {}) => maskedBatches({ ...options, ...change });

test("80 % mask, 10 % random, 10 % as it was, of 15 % of the tokens", () => {
  const batches = make();
  const count = { masked: 0, random: 0, kept: 0, all: 0 };
  const replacements = new Set<number>();
  for (let step = 0; step < 200; step++) {
    const { inputs, targets } = batches(step);
    inputs.forEach((input, i) => {
      count.all++;
      if (targets[i] === -100) return;
      if (input === mask) count.masked++;
      else if (input === targets[i]) count.kept++;
      else {
        count.random++;
        replacements.add(input);
      }
    });
  }
  const chosen = count.masked + count.random + count.kept;
  expect(chosen / count.all).toBe(0.15); // 6 of 40 in each row
  // 9600 draws; four standard deviations are 0.016 and 0.012. One random token in 50 is the one that was there.
  expect(Math.abs(count.masked / chosen - 0.8)).toBeLessThan(0.016);
  expect(Math.abs(count.random / chosen - 0.1 * 0.98)).toBeLessThan(0.012);
  expect(Math.abs(count.kept / chosen - 0.102)).toBeLessThan(0.012);
  expect(replacements.size).toBe(50); // every id but the mask
});

test("what is not chosen is the text, and targets are what stood there", () => {
  const { inputs, targets } = make()(3);
  for (let row = 0; row < 8; row++) {
    const whole = Array.from({ length: 40 }, (_, i) => {
      const at = row * 40 + i;
      return targets[at] === -100 ? inputs[at] : targets[at];
    });
    whole.forEach((id, i) => expect(id).toBe((whole[0]! + i) % 50));
  }
});

test("every place is chosen now and then, and no place twice", () => {
  const batches = make({ batch: 1, rate: 0.5 });
  const places = new Set<number>();
  for (let step = 0; step < 50; step++) {
    const { targets } = batches(step);
    expect(targets.filter((id) => id !== -100).length).toBe(20);
    targets.forEach((id, place) => id !== -100 && places.add(place));
  }
  expect(places.size).toBe(40);
});

test("a batch is a pure function of the step", () => {
  const batches = make({ shortShare: 0.5 });
  const fifth = batches(5);
  batches(6);
  expect(batches(5)).toEqual(fifth);
  expect(make({ shortShare: 0.5 })(5)).toEqual(fifth);
  expect(batches(6)).not.toEqual(fifth);
});

test("a share of the rows is shorter, and nothing stands or is asked behind them", () => {
  const batches = make({ shortShare: 0.25 });
  const seen = new Set<number>();
  let short = 0;
  for (let step = 0; step < 200; step++) {
    const { inputs, targets, lengths } = batches(step);
    lengths!.forEach((length, row) => {
      if (length === 40) return;
      short++;
      seen.add(length);
      expect(inputs.subarray(row * 40 + length, (row + 1) * 40).every((id) => id === 0)).toBe(true);
      expect(targets.subarray(row * 40 + length, (row + 1) * 40).every((id) => id === -100)).toBe(true);
      expect(targets.subarray(row * 40, row * 40 + length).some((id) => id !== -100)).toBe(true);
    });
  }
  expect(Math.abs(short / 1600 - 0.25)).toBeLessThan(0.044); // four standard deviations
  expect([Math.min(...seen), Math.max(...seen)]).toEqual([2, 39]);
  expect(make()(0).lengths).toBeUndefined();
});

test("only what may be masked is masked, and replaces", () => {
  const batches = make({ maskable: (id) => id >= 40, rate: 1 });
  for (let step = 0; step < 20; step++) {
    const { inputs, targets } = batches(step);
    inputs.forEach((input, i) => {
      if (targets[i] === -100) expect(input).toBeLessThan(40);
      else {
        expect(targets[i]).toBeGreaterThanOrEqual(40);
        expect(input).toBeGreaterThanOrEqual(40);
      }
    });
  }
});

test("a row in which nothing may be masked asks nothing", () => {
  const { targets } = make({ maskable: (id) => id === 49, context: 5, ids: text.subarray(0, 20) })(0);
  expect(targets.every((id) => id === -100)).toBe(true);
});

test("a text of exactly one window will do; a shorter one is refused with numbers and a remedy", () => {
  expect(make({ ids: text.subarray(0, 40) })(0).inputs.length).toBe(320);
  expect(() => make({ ids: text.subarray(0, 39), what: "notes.txt" })).toThrow(
    "maskedBatches: notes.txt is too short: it has 39 tokens, and a window of 40 needs 40. Use a longer text, or a context of at most 39.",
  );
});

test("bad options are refused by name", () => {
  expect(() => make({ mask: 51 })).toThrow("mask must be an id of the vocabulary, a whole number from 0 to 50, got 51");
  expect(() => make({ vocabulary: 49 })).toThrow("token id 49 at place 49 is out of range");
  expect(() => make({ rate: 0 })).toThrow("maskedBatches: rate must be above 0 and at most 1, got 0");
  expect(() => make({ rate: NaN })).toThrow("got NaN");
  expect(() => make({ shortShare: 1.5 })).toThrow("shortShare must be at least 0 and at most 1, got 1.5");
  expect(() => make({ shortShare: 0.5, context: 2 })).toThrow("a window of 2 has no shorter length from 2 up");
  expect(() => make({ maskable: () => false })).toThrow("none of the 51 ids may be masked");
  expect(() => make({ batch: -1 })).toThrow("maskedBatches: batch must be a whole number from 1 up, got -1");
});
