import { expect, test } from "vitest";
import { chain } from "./chain.ts";
import { exponentialDecayLength } from "./exponential-decay-length.ts";
import { forceAt } from "./force-at.ts";
import { forceFirst } from "./force-first.ts";
import { forceLast } from "./force-last.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { minTokens } from "./min-tokens.ts";
import { renormalise } from "./renormalise.ts";
import { suppress } from "./suppress.ts";
import { suppressAtBeginning } from "./suppress-at-beginning.ts";

const logits = Float32Array.of(1, 2, 3, -Infinity);
/** Which tokens can come after a prompt of so many tokens and so many generated ones. */
function open(transform: LogitsTransform, promptLength: number, generated: number): readonly number[] {
  const ids = Array.from({ length: promptLength + generated }, () => 1);
  const result = transform.apply(logits, { ids, promptLength });
  expect(result).toHaveLength(4);
  expect(result).not.toBe(logits);
  expect(logits).toEqual(Float32Array.of(1, 2, 3, -Infinity));
  return [...result.keys()].filter((id) => result[id] !== -Infinity);
}

test("forceAt counts generated tokens, or all, and forces even what was excluded", () => {
  expect(open(forceAt({ 0: 3, 2: 1 }), 5, 0)).toEqual([3]);
  expect(open(forceAt({ 0: 3, 2: 1 }), 5, 1)).toEqual([0, 1, 2]);
  expect(open(forceAt({ 0: 3, 2: 1 }), 5, 2)).toEqual([1]);
  expect(open(forceAt({ 5: 0 }, { countPrompt: true }), 5, 0)).toEqual([0]);
  expect(open(forceAt({ 5: 0 }, { countPrompt: true }), 4, 0)).toEqual([0, 1, 2]);
  expect(forceAt({ 0: 3, 2: 1 }).name).toBe("forceAt(0: 3, 2: 1)");
});

test("forceFirst forces the second token of the sequence", () => {
  expect(open(forceFirst(2), 1, 0)).toEqual([2]);
  expect(open(forceFirst(2), 0, 1)).toEqual([2]);
  expect(open(forceFirst(2), 1, 1)).toEqual([0, 1, 2]);
  expect(open(forceFirst(2), 2, 0)).toEqual([0, 1, 2]);
  expect(forceFirst(2).name).toBe("forceFirst(2)");
});

test("forceLast forces the last token only", () => {
  expect(open(forceLast(2, 3), 4, 1)).toEqual([0, 1, 2]);
  expect(open(forceLast(2, 3), 4, 2)).toEqual([2]);
  expect(open(forceLast([2, 3], 3), 4, 2)).toEqual([2, 3]);
  expect(open(forceLast(2, 3), 4, 3)).toEqual([0, 1, 2]);
  expect(open(forceLast(2, 7, { countPrompt: true }), 4, 2)).toEqual([2]);
  expect(forceLast([2, 3], 3).name).toBe("forceLast([2, 3], 3)");
});

test("minTokens holds the end back until there are enough tokens", () => {
  expect(open(minTokens(2, [0, 1]), 4, 1)).toEqual([2]);
  expect(open(minTokens(2, [0, 1]), 4, 2)).toEqual([0, 1, 2]);
  expect(open(minTokens(6, [0, 1], { countPrompt: true }), 4, 1)).toEqual([2]);
  expect(open(minTokens(6, [0, 1], { countPrompt: true }), 4, 2)).toEqual([0, 1, 2]);
});

test("suppress always excludes, suppressAtBeginning at the first generated token, or after the forced one", () => {
  for (const generated of [0, 1, 5]) expect(open(suppress([0, 2]), 3, generated)).toEqual([1]);
  const begin = suppressAtBeginning([0, 2]);
  expect([0, 1].map((generated) => open(begin, 3, generated))).toEqual([[1], [0, 1, 2]]);
  expect([0, 1].map((generated) => open(begin, 1, generated))).toEqual([[1], [0, 1, 2]]);
  const after = suppressAtBeginning([0, 2], { afterForcedFirst: true });
  expect([0, 1, 2].map((generated) => open(after, 1, generated))).toEqual([[0, 1, 2], [1], [0, 1, 2]]);
  expect([0, 1].map((generated) => open(after, 2, generated))).toEqual([[1], [0, 1, 2]]);
  expect(suppress([9, 8, 7, 6, 5]).name).toBe("suppress([9, 8, 7, … 5 ids])");
});

test("suppressing every token is one clear error", () => {
  expect(() => chain(suppress([0, 1, 2])).apply(logits, { ids: [] })).toThrow(
    "the logits after suppress([0, 1, 2]): every one of the 4 tokens is excluded, so there is nothing to choose from.",
  );
});

test("exponentialDecayLength never leaves float32, and a sum of log-probabilities stays one", () => {
  const ids = Array.from({ length: 5000 }, () => 1);
  const result = exponentialDecayLength(3, 1.5, [0, 2, 3]).apply(Float32Array.of(-3, 1, 0, -Infinity), { ids });
  expect(result).toEqual(Float32Array.of(1e30, 1, 0, -Infinity));
  const total = renormalise()
    .apply(logits, { ids: [] })
    .reduce((sum, logit) => sum + Math.exp(logit), 0);
  expect(total).toBeCloseTo(1, 6);
});

const anIdList = "needs a list of at least one token id, each a whole number of at least 0, got";
test.each([
  ["suppress(ids)", suppress],
  ["suppressAtBeginning(ids)", suppressAtBeginning],
  ["minTokens(n, endIds)", (ids: readonly number[]) => minTokens(1, ids)],
  ["forceLast(endId, maxTokens)", (ids: readonly number[]) => forceLast(ids, 1)],
  ["exponentialDecayLength(start, factor, endIds)", (ids: readonly number[]) => exponentialDecayLength(1, 2, ids)],
] as const)("%s refuses what are no ids", (call, make) => {
  for (const [ids, shown] of [
    [[], "[]"],
    [[-1], "[-1]"],
    [[1.5], "[1.5]"],
    [["1"], '["1"]'],
    [undefined, "undefined"],
    [{}, "{}"],
  ] as const)
    expect(() => make(ids as never)).toThrow(`${call} ${anIdList} ${shown}`);
  const transform = make([4]);
  expect(() => transform.apply(logits, { ids: [] })).toThrow(
    `${transform.name} names the token id 4, but there are logits for the ids 0 to 3 only. Take the ids from the model's own tokenizer.`,
  );
});

test("other nonsense is refused", () => {
  expect(() => forceAt({})).toThrow("forceAt(tokens) needs at least one position and its token id, such as { 0: 17 }");
  for (const [position, id] of [
    ["-1", 1],
    ["a", 1],
    ["0", -1],
    ["0", 1.5],
    ["0", "1"],
  ] as const)
    expect(() => forceAt({ [position]: id } as never)).toThrow(
      `forceAt(tokens) takes positions and token ids that are whole numbers of at least 0, got ${position}: ${id}`,
    );
  expect(() => forceAt({ 0: 4 }).apply(logits, { ids: [] })).toThrow("forceAt(0: 4) names the token id 4");
  expect(() => forceFirst(4).apply(logits, { ids: [] })).toThrow("names the token id 4");
  for (const id of [-1, 0.5, "1", undefined])
    expect(() => forceFirst(id as never)).toThrow(
      `forceFirst(id) needs a token id, a whole number of at least 0, got ${id}`,
    );
  for (const n of [0, -1, 2.5, Number.NaN, undefined]) {
    expect(() => forceLast(1, n as never)).toThrow(
      `forceLast(endId, maxTokens) needs a whole number maxTokens of at least 1, got ${n}`,
    );
    expect(() => minTokens(n as never, [1])).toThrow(
      `minTokens(n, endIds) needs a whole number n of at least 1, got ${n}`,
    );
  }
  const decay = "exponentialDecayLength(start, factor, endIds)";
  for (const start of [-1, 1.5, undefined])
    expect(() => exponentialDecayLength(start as never, 2, [1])).toThrow(
      `${decay} needs a whole number start of at least 0, got ${start}`,
    );
  for (const factor of [0, -1, Infinity, Number.NaN, "2"])
    expect(() => exponentialDecayLength(1, factor as never, [1])).toThrow(
      `${decay} needs a finite factor above 0, got ${factor}`,
    );
  expect(() => suppressAtBeginning([1], { afterForcedFirst: 1 as never })).toThrow(
    "afterForcedFirst of suppressAtBeginning(ids, { afterForcedFirst }) is true or false, got 1",
  );
  expect(() => suppressAtBeginning([1], { after: true } as never)).toThrow('has no option "after"');
  for (const make of [
    (options: object) => forceAt({ 0: 1 }, options),
    (options: object) => forceLast(1, 2, options),
    (options: object) => minTokens(1, [2], options),
  ]) {
    expect(() => make({ prompt: true })).toThrow('{ countPrompt }) has no option "prompt". It has countPrompt.');
    expect(() => make({ countPrompt: "yes" })).toThrow("{ countPrompt }) is true or false, got yes");
    expect(() => make({ countPrompt: undefined })).not.toThrow();
  }
});
