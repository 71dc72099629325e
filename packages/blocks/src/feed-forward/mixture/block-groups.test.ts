import { cpu, random, tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { BlockGroups, blockSize } from "./block-groups.ts";

const on = cpu();
/** Choices of k different experts for each token; every one of them the same when `uneven`. */
function choices(n: number, k: number, experts: number, uneven = false): number[] {
  const stream = random(n * 31 + k);
  return Array.from({ length: n }, () => {
    const keys = Array.from({ length: experts }, (_, i) => (uneven ? i : stream.uniform()));
    const order = keys.map((_, i) => i).toSorted((a, b) => keys[a]! - keys[b]!);
    return order.slice(0, k);
  }).flat();
}

describe.each([
  [1, 1, 1],
  [1, 3, 2],
  [9, 5, 2],
  [16, 4, 4],
  [33, 7, 1],
])("%i tokens, %i experts, %i for each token", (n, experts, k) => {
  test.each([1, 2, 4, 32])("blocks of %i rows have one expert each, and every pair is in one", async (size) => {
    for (const uneven of [false, true]) {
      const chosen = choices(n, k, experts, uneven);
      const groups = new BlockGroups(tensor(chosen, [n, k], on, "i32"), experts, size);
      expect(groups.blocks).toBeLessThanOrEqual((n * k + experts * (size - 1)) / size);
      if (size > 1) expect(groups.blocks).toBeLessThanOrEqual(experts * Math.ceil(n / size));
      const owner = await groups.expert.read();
      expect(owner).toHaveLength(groups.blocks);
      expect(owner.every((expert) => expert >= 0 && expert < experts)).toBe(true); // of blocks that nobody needs, too
      // Each token's number goes to its rows; each row's expert comes back to the pair.
      const numbers = tensor(
        Array.from({ length: n }, (_, i) => i),
        [n, 1],
        on,
      );
      const tokens = await groups.byPair(groups.spread(numbers)).read();
      expect([...tokens]).toEqual(chosen.map((_, pair) => Math.floor(pair / k)));
      const owners = tensor(
        Array.from({ length: groups.blocks * size }, (_, row) => owner[Math.floor(row / size)]!),
        [groups.blocks, size, 1],
        on,
      );
      expect([...(await groups.byPair(owners).read())]).toEqual(chosen);
    }
  });
});

test("the number of blocks depends on the shapes alone", () => {
  const even = new BlockGroups(tensor(choices(40, 2, 4), [40, 2], on, "i32"), 4, 8);
  const uneven = new BlockGroups(tensor(choices(40, 2, 4, true), [40, 2], on, "i32"), 4, 8);
  expect([even.blocks, uneven.blocks]).toEqual([13, 13]); // (80 + 4 · 7) / 8
});

test("from pairs to blocks and back, with zeros in between", async () => {
  const groups = new BlockGroups(tensor([1, 0, 1], [3, 1], on, "i32"), 2, 2);
  const blocks = groups.byBlock(tensor([5, 6, 7], [3, 1], on));
  expect([...(await blocks.read())]).toEqual([6, 0, 5, 7]);
  expect([...(await groups.byPair(blocks).read())]).toEqual([5, 6, 7]);
});

test.each([
  [2, 8, 1],
  [8, 8, 1],
  [32, 8, 8],
  [128, 8, 16],
  [1024, 8, 32],
  [8192, 8, 256],
  [2, 2, 1],
])("%i pairs over %i experts go in blocks of %i", (pairs, experts, size) => {
  expect(blockSize(pairs, experts)).toBe(size);
});
