import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { frequencyPenalty } from "./frequency-penalty.ts";
import { noRepeatNGram } from "./no-repeat-n-gram.ts";
import { presencePenalty } from "./presence-penalty.ts";
import { repetitionPenalty } from "./repetition-penalty.ts";

const context = { ids: [4, 1, 1, 0, 3, 0, 0], promptLength: 2 };
const logits = Float32Array.of(2, 2, 2, -2, -Infinity, 0);

test("repetitionPenalty divides what is positive and multiplies what is negative, once for each token", () => {
  expect(repetitionPenalty(2).apply(logits, context)).toEqual(Float32Array.of(1, 1, 2, -4, -Infinity, 0));
  const short = { ids: [1, 0], promptLength: 1 };
  expect(repetitionPenalty(2, { countPrompt: false }).apply(logits, short)).toEqual(
    Float32Array.of(1, 2, 2, -2, -Infinity, 0),
  );
  expect(repetitionPenalty(1).apply(logits, context)).toEqual(logits);
});

test("frequencyPenalty subtracts for each time a token was generated, presencePenalty once", () => {
  expect(frequencyPenalty(0.5).apply(logits, context)).toEqual(Float32Array.of(0.5, 1.5, 2, -2.5, -Infinity, 0));
  expect(presencePenalty(0.5).apply(logits, context)).toEqual(Float32Array.of(1.5, 1.5, 2, -2.5, -Infinity, 0));
  expect(frequencyPenalty(-1, { countPrompt: true }).apply(logits, context)).toEqual(
    Float32Array.of(5, 4, 2, -1, -Infinity, 0),
  );
  expect(presencePenalty(-1, { countPrompt: true }).apply(logits, { ids: [1, 2], promptLength: 2 })).toEqual(
    Float32Array.of(2, 3, 3, -2, -Infinity, 0),
  );
  expect(presencePenalty(1).apply(logits, { ids: [1, 2], promptLength: 2 })).toEqual(logits);
});

test("without a prompt length every token was generated; ids beyond the logits do nothing", () => {
  for (const transform of [frequencyPenalty(1), presencePenalty(1), repetitionPenalty(2), noRepeatNGram(1)]) {
    expect(transform.apply(Float32Array.of(4, 4), { ids: [1, 7] })[0]).toBe(4);
    expect(transform.apply(Float32Array.of(4, 4), { ids: [1, 7] })[1]).toBeLessThan(4);
    expect(transform.apply(Float32Array.of(4, 4), { ids: [1, 7] })).toHaveLength(2);
  }
});

test("noRepeatNGram agrees with a set of all n-grams", () => {
  const dice = random(6);
  const flat = new Float32Array(4);
  for (const n of [1, 2, 3, 5]) {
    for (let round = 0; round < 50; round++) {
      const ids = Array.from({ length: dice.integer(30) }, () => dice.integer(4));
      const seen = new Set(
        ids
          .map((_, at) => ids.slice(at, at + n))
          .filter((gram) => gram.length === n)
          .map(String),
      );
      const expected = flat.map((_, id) => {
        const gram = [...ids, id].slice(-n);
        return gram.length === n && seen.has(String(gram)) ? -Infinity : 0;
      });
      expect(noRepeatNGram(n).apply(flat, { ids })).toEqual(expected);
    }
  }
});

test("the frequency penalty does not see a common offset, and all leave their input alone", () => {
  const before = logits.slice();
  for (const transform of [frequencyPenalty(0.25), presencePenalty(0.25), noRepeatNGram(2)]) {
    const result = transform.apply(logits, context);
    expect(
      transform.apply(
        logits.map((logit) => logit + 8),
        context,
      ),
    ).toEqual(result.map((logit) => logit + 8));
    expect(transform.forSampling).toBeUndefined();
  }
  repetitionPenalty(3).apply(logits, context);
  expect(logits).toEqual(before);
});

test("a logit that would leave float32 is an error, not an excluded token", () => {
  const huge = Float32Array.of(-3e38, 0);
  for (const transform of [repetitionPenalty(2), frequencyPenalty(3e38), presencePenalty(3e38)])
    expect(() => transform.apply(huge, { ids: [0] })).toThrow(
      `${transform.name} takes the logit ${huge[0]} out of the range of float32. Choose a milder value, or exclude a token with suppress(ids).`,
    );
});

test.each([
  ["repetitionPenalty(penalty)", repetitionPenalty, "a finite number above 0", [0, -1, Number.NaN, Infinity, "1.2"]],
  ["frequencyPenalty(alpha)", frequencyPenalty, "a finite number", [Number.NaN, Infinity, "1.2", undefined]],
  ["presencePenalty(alpha)", presencePenalty, "a finite number", [Number.NaN, Infinity, "1.2", undefined]],
  ["noRepeatNGram(n)", noRepeatNGram, "a whole number n of at least 1", [0, -1, 1.5, Number.NaN, "2"]],
] as const)("%s refuses nonsense", (call, make, expected, values) => {
  for (const value of values) expect(() => make(value as never)).toThrow(`${call} needs ${expected}, got ${value}`);
});

test.each([
  ["repetitionPenalty(penalty, { countPrompt })", repetitionPenalty],
  ["frequencyPenalty(alpha, { countPrompt })", frequencyPenalty],
  ["presencePenalty(alpha, { countPrompt })", presencePenalty],
] as const)("%s refuses options it does not have", (call, make) => {
  expect(() => make(1, { countPrompt: 1 as never })).toThrow(`countPrompt of ${call} is true or false, got 1`);
  expect(() => make(1, { prompt: true } as never)).toThrow(`${call} has no option "prompt". It has countPrompt.`);
});
