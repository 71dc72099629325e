import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { bucketedBatches, type BucketedBatchesOptions } from "./bucketed-batches.ts";

/** Lengths of sentences: many of middling length, few long. */
const lengths = Array.from({ length: 500 }, (_, i) => 1 + Math.floor(40 * random(9).fork(i).uniform() ** 2));
const make = (examples: Int32Array) => ({ examples: [...examples] });
const options = { lengths, random: random(1), make };
const batchesOf = (change: Partial<BucketedBatchesOptions<{ examples: number[] }>>) =>
  bucketedBatches({ ...options, ...change });
const epoch = (batches: ReturnType<typeof batchesOf>, n: number): number[][] =>
  Array.from({ length: batches.perEpoch }, (_, i) => batches(n * batches.perEpoch + i).examples);

/** Into how many batches the examples go when each takes as many as fit of those in order, which leaves nothing to chance. */
function fewest({ tokens = Infinity, rows = Infinity }): number {
  const rest = lengths.toSorted((a, b) => b - a);
  let batches = 0;
  while (rest.length > 0) {
    rest.splice(0, Math.min(rows, Math.floor(tokens / rest[0]!)));
    batches++;
  }
  return batches;
}

test.each([{ tokens: 60 }, { tokens: 1000 }, { rows: 7 }, { rows: 500 }, { tokens: 200, rows: 12 }])(
  "%o: every example once in every epoch, within the limits, in few batches",
  (size) => {
    const batches = batchesOf(size);
    expect(batches.perEpoch).toBeLessThanOrEqual(1 + 1.1 * fewest(size));
    for (const n of [0, 1, 5]) {
      const plan = epoch(batches, n);
      expect(plan.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
      for (const each of plan) {
        const longest = Math.max(...each.map((i) => lengths[i]!));
        expect(each.length).toBeLessThanOrEqual(size.rows ?? Infinity);
        expect(each.length * longest).toBeLessThanOrEqual(size.tokens ?? Infinity);
      }
    }
  },
);

test("little is padding, far less than in batches by chance", () => {
  const padding = (plan: readonly number[][]): number => {
    const positions = plan.reduce((sum, each) => sum + each.length * Math.max(...each.map((i) => lengths[i]!)), 0);
    return 1 - lengths.reduce((a, b) => a + b) / positions;
  };
  const plan = epoch(batchesOf({ tokens: 120 }), 0);
  const byChance = lengths.map((_, i) => i).filter((i) => i % 10 === 0);
  expect(padding(plan)).toBeLessThan(0.1);
  expect(padding(byChance.map((first) => Array.from({ length: 10 }, (_, i) => first + i)))).toBeGreaterThan(0.5);
});

test("each epoch has another order, other company, and the same sizes", () => {
  const batches = batchesOf({ tokens: 120 });
  const [first, second] = [epoch(batches, 0), epoch(batches, 1)];
  const sizes = (plan: readonly number[][]): number[] => plan.map(({ length }) => length).sort((a, b) => a - b);
  const sets = (plan: readonly number[][]): string[] =>
    plan.map((each) => each.toSorted((a, b) => a - b).join()).sort();
  expect(sizes(second)).toEqual(sizes(first));
  expect(second.map(({ length }) => length)).not.toEqual(first.map(({ length }) => length));
  const shared = sets(second).filter((each) => sets(first).includes(each));
  expect(shared.length).toBeLessThan(first.length / 4);
  // Lengths do not come in an order that a schedule would see: the first half is not much longer than the second.
  const mean = (part: readonly number[][]): number =>
    part.reduce((sum, each) => sum + lengths[each[0]!]!, 0) / part.length;
  const half = Math.floor(first.length / 2);
  expect(Math.abs(mean(first.slice(0, half)) - mean(first.slice(half)))).toBeLessThan(6);
});

test("examples of like length meet in new ways, though no two are the same", () => {
  const batches = batchesOf({ lengths: Array.from({ length: 40 }, (_, i) => 400 - i), rows: 4 });
  const sets = [0, 1].flatMap((n) => epoch(batches, n).map((each) => each.toSorted((a, b) => a - b).join()));
  expect(new Set(sets).size).toBeGreaterThan(15);
});

test("a batch is a pure function of the step, across epochs and in any order", () => {
  const batches = batchesOf({ tokens: 200 });
  const steps = [0, 3, batches.perEpoch, 1, 10 * batches.perEpoch + 2, 3];
  const seen = steps.map((step) => batches(step).examples);
  expect(seen[1]).toEqual(seen[5]);
  expect(steps.map((step) => batchesOf({ tokens: 200 })(step).examples)).toEqual(seen);
  expect(batchesOf({ tokens: 200, random: random(2) })(3).examples).not.toEqual(seen[1]);
});

test("what a batch draws is drawn from the step's own stream", () => {
  const drawing = bucketedBatches({ ...options, rows: 100, make: (_, stream) => ({ drawn: stream.uniform() }) });
  const drawn = Array.from({ length: 10 }, (_, step) => drawing(step).drawn);
  expect(new Set(drawn).size).toBe(10);
  expect(drawing(4).drawn).toBe(drawn[4]);
});

test("one example, and examples all alike", () => {
  expect(epoch(batchesOf({ lengths: [9], rows: 4 }), 3)).toEqual([[0]]);
  const batches = batchesOf({ lengths: new Array<number>(10).fill(3), tokens: 12 });
  expect(
    epoch(batches, 0)
      .map(({ length }) => length)
      .sort(),
  ).toEqual([2, 4, 4]);
});

test("what cannot be batched is refused", () => {
  expect(() => batchesOf({})).toThrow(
    "bucketedBatches: nothing says how large a batch is; give tokens, the most positions with padding, or rows, or both",
  );
  expect(() => batchesOf({ lengths: [], rows: 1 })).toThrow("bucketedBatches: there is no example");
  expect(() => batchesOf({ lengths: [4, 0], rows: 1 })).toThrow(
    "bucketedBatches: the length of example 1 must be a whole number from 1 up, got 0",
  );
  expect(() => batchesOf({ lengths: [4, 9], tokens: 8 })).toThrow(
    "bucketedBatches: example 1 takes 9 positions, and a batch may have 8. Raise tokens, or shorten it or leave it out.",
  );
  expect(() => batchesOf({ tokens: 0.5 })).toThrow("bucketedBatches: tokens must be a whole number from 1 up");
  expect(() => batchesOf({ rows: 0 })).toThrow("bucketedBatches: rows must be a whole number from 1 up, got 0");
});
