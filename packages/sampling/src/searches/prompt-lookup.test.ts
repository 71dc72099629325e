import { expect, test } from "vitest";
import type { Decoding } from "../generate/search.ts";
import { promptLookup, type PromptLookupOptions } from "./prompt-lookup.ts";

/** It looks at the ids alone. */
const proposed = async (
  ids: readonly number[],
  count: number,
  options?: PromptLookupOptions,
): Promise<readonly number[]> =>
  (await promptLookup(options).propose(ids, count, undefined as unknown as Decoding)).ids;

test("it copies what followed the latest earlier occurrence", async () => {
  expect(await proposed([7, 1, 2, 7, 3, 4, 5, 7], 2)).toEqual([3, 4]);
});

test("a longer match goes before a later one", async () => {
  const ids = [8, 7, 1, 5, 7, 2, 8, 7];
  expect(await proposed(ids, 1)).toEqual([1]);
  expect(await proposed(ids, 1, { longest: 1 })).toEqual([2]);
});

test("of longest ids at most, and shortest at least", async () => {
  const ids = [1, 2, 3, 4, 9, 0, 2, 3, 4, 8, 1, 2, 3, 4];
  expect(await proposed(ids, 1)).toEqual([8]);
  expect(await proposed(ids, 1, { longest: 4 })).toEqual([9]);
  expect(await proposed([5, 1, 6, 1], 1, { shortest: 2 })).toEqual([]);
  expect(await proposed([5, 1, 6, 5, 1], 1, { shortest: 2 })).toEqual([6]);
});

test("a copy goes on in itself: a pattern is repeated as far as is asked for", async () => {
  expect(await proposed([0, 4, 4], 5)).toEqual([4, 4, 4, 4, 4]);
  expect(await proposed([1, 2, 3, 1], 7)).toEqual([2, 3, 1, 2, 3, 1, 2]);
});

test("where nothing came before, nothing is proposed", async () => {
  expect(await proposed([1, 2, 3], 4)).toEqual([]);
  expect(await proposed([1], 4)).toEqual([]);
});

test("nonsense is refused", () => {
  expect(() => promptLookup({ longest: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: promptLookup() looks for the last 0 ids, then fewer, down to 1: whole numbers with 1 ≤ shortest ≤ longest are needed]`,
  );
  expect(() => promptLookup({ shortest: 4 })).toThrow("down to 4");
  expect(() => promptLookup({ shortest: 0 })).toThrow("down to 0");
  expect(() => promptLookup({ longest: 2.5 })).toThrow("the last 2.5 ids");
  expect(() => promptLookup({ ngram: 2 } as never)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: promptLookup() has no option "ngram". It has longest, shortest.]`,
  );
});
