import { expect, test } from "vitest";
import { badWords } from "./bad-words.ts";
import { logitBias } from "./logit-bias.ts";
import { sequenceBias } from "./sequence-bias.ts";

const logits = Float32Array.of(1, 1, -Infinity, 1);

test("logitBias adds to single tokens, and -Infinity excludes", () => {
  const transform = logitBias({ 0: 2.5, 2: 9, 3: -Infinity });
  expect(transform.apply(logits, { ids: [] })).toEqual(Float32Array.of(3.5, 1, -Infinity, -Infinity));
  expect(transform.name).toBe("logitBias(3 ids)");
  expect(logits).toEqual(Float32Array.of(1, 1, -Infinity, 1));
});

test("sequenceBias adds where all but the last token have just come, and adds up", () => {
  const transform = sequenceBias([
    [[0, 1, 3], 2],
    [[1, 3], 4],
    [[3], 0.5],
    [[1, 1], -Infinity],
  ]);
  const last = (ids: readonly number[]): number => transform.apply(logits, { ids })[3]!;
  expect(last([])).toBe(1.5);
  expect(last([1])).toBe(5.5);
  expect(last([0, 1])).toBe(7.5);
  expect(last([0, 1, 0])).toBe(1.5);
  expect(transform.apply(logits, { ids: [1] })[1]).toBe(-Infinity);
  expect(transform.apply(logits, { ids: [0] })[1]).toBe(1);
});

test("badWords looks at the sequence it was given, not at later changes", () => {
  const words = [[0, 1], [3]];
  const transform = badWords(words);
  words[0]!.push(0);
  expect(transform.apply(logits, { ids: [0] })).toEqual(Float32Array.of(1, -Infinity, -Infinity, -Infinity));
  expect(transform.apply(logits, { ids: [] })).toEqual(Float32Array.of(1, 1, -Infinity, -Infinity));
});

test("biases of nothing and for nothing are refused", () => {
  expect(() => logitBias({})).toThrow("logitBias(biases) needs at least one bias, such as { 50256: -2 }, got none");
  expect(() => logitBias(undefined as never)).toThrow("logitBias(biases) needs at least one bias");
  for (const id of ["-1", "1.5", "two", "01"])
    expect(() => logitBias({ [id]: 1 })).toThrow(
      `logitBias(biases) names tokens by their ids, whole numbers of at least 0, got "${id}"`,
    );
  for (const bias of [Number.NaN, Infinity, "1" as never, undefined as never]) {
    const expected = `takes as a bias a finite number, or -Infinity to exclude a token, got ${bias}`;
    expect(() => logitBias({ 1: bias })).toThrow(`logitBias(biases) ${expected}`);
    expect(() => sequenceBias([[[1], bias]])).toThrow(`sequenceBias(biases) ${expected}`);
  }
  for (const biases of [[], [[1]], [[[1], 2, 3]], { 1: 2 }, undefined]) {
    expect(() => sequenceBias(biases as never)).toThrow(
      "sequenceBias(biases) needs a list of at least one pair of a sequence and its bias, such as [[[17, 4], -2]]",
    );
  }
  expect(() => sequenceBias([[[], 1]])).toThrow(
    "a sequence of sequenceBias(biases) needs a list of at least one token id, each a whole number of at least 0, got []",
  );
  expect(() =>
    sequenceBias([
      [[1, 2], 1],
      [[1, 2], 3],
    ]),
  ).toThrow("sequenceBias(biases) has two biases for the sequence [1, 2]. Keep one.");
  for (const words of [[], undefined, 3])
    expect(() => badWords(words as never)).toThrow(
      "badWords(sequences) needs a list of at least one sequence of ids, such as [[17, 4], [23]]",
    );
  expect(() => badWords([[1, -2]])).toThrow("a sequence of badWords(sequences) needs a list of at least one token id");
});

test("an id that there is no logit for, and a logit that leaves float32, are refused", () => {
  const expected = "names the token id 4, but there are logits for the ids 0 to 3 only.";
  for (const transform of [logitBias({ 4: 1 }), sequenceBias([[[4, 1], 1]]), badWords([[1, 4]])])
    expect(() => transform.apply(logits, { ids: [] })).toThrow(`${transform.name} ${expected}`);
  expect(() => logitBias({ 0: 3e38 }).apply(Float32Array.of(3e38, 0), { ids: [] })).toThrow(
    "out of the range of float32",
  );
});
