import { isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { dynamicNtkScaling } from "./dynamic-ntk-scaling.ts";
import { forLength } from "./for-length.ts";
import { linearScaling } from "./linear-scaling.ts";
import { llama3Scaling } from "./llama3-scaling.ts";
import { longRopeScaling } from "./long-rope-scaling.ts";
import { rotaryFrequencies, type RotaryScaling } from "./rotary-scaling.ts";
import { yarnAttentionFactor, yarnScaling } from "./yarn-scaling.ts";

const rotary = { base: 10000, turned: 16, length: 1 };
const plain = rotaryFrequencies(rotary);
const ratios = (scaling: RotaryScaling, length = 1): number[] =>
  scaling.rotation({ ...rotary, length }).frequencies.map((frequency, pair) => plain[pair]! / frequency);

test("frequencies fall geometrically from 1", () => {
  expect(plain[0]).toBe(1);
  expect(plain.length).toBe(8);
  for (const [pair, frequency] of plain.entries()) expect(frequency).toBeCloseTo(0.1 ** (pair / 2), 14);
});

test("linear: all pairs alike, so that position 4p turns as p did", () => {
  for (const ratio of ratios(linearScaling(4))) expect(ratio).toBeCloseTo(4, 12);
});

test("dynamic NTK: nothing within the context; beyond it the slowest pair is interpolated in full and the fastest not at all", () => {
  const scaling = dynamicNtkScaling({ factor: 1, context: 100 });
  expect(scaling.rotation({ ...rotary, length: 100 }).frequencies).toEqual(plain);
  const stretched = ratios(scaling, 250);
  expect(stretched[0]).toBe(1);
  expect(stretched.at(-1)).toBeCloseTo(2.5, 12);
  expect(stretched).toEqual(stretched.toSorted((a, b) => a - b));
});

test("YaRN: fast pairs stay, slow ones are interpolated, and a ramp leads over", () => {
  const stretched = ratios(yarnScaling({ factor: 8, context: 2048 }));
  expect(stretched[0]).toBe(1);
  expect(stretched.at(-1)).toBeCloseTo(8, 12);
  expect(stretched.some((ratio) => ratio > 1.01 && ratio < 7.99)).toBe(true);
  expect(stretched).toEqual(stretched.toSorted((a, b) => a - b));
  const sharp = ratios(yarnScaling({ factor: 8, context: 2048, truncate: false }));
  expect(sharp).not.toEqual(stretched);
});

test("YaRN: the attention factor grows with the logarithm, from 1", () => {
  expect([yarnAttentionFactor(0.5), yarnAttentionFactor(1)]).toEqual([1, 1]);
  expect(yarnAttentionFactor(Math.E)).toBeCloseTo(1.1, 14);
  expect(yarnAttentionFactor(Math.E, 0.5)).toBeCloseTo(1.05, 14);
  expect(yarnScaling({ factor: Math.E, context: 64 }).rotation(rotary).attentionFactor).toBeCloseTo(1.1, 14);
});

test("Llama 3: pairs of more turns than the high factor stay, those of fewer than the low one are divided", () => {
  const stretched = ratios(llama3Scaling({ factor: 8, context: 1000 }));
  const turns = plain.map((frequency) => (1000 * frequency) / (2 * Math.PI));
  for (const [pair, ratio] of stretched.entries()) {
    if (turns[pair]! >= 4) expect(ratio).toBe(1);
    else if (turns[pair]! <= 1) expect(ratio).toBeCloseTo(8, 12);
    else expect(ratio > 1 && ratio < 8).toBe(true);
  }
  expect(stretched.filter((ratio) => ratio !== 1 && ratio < 7.99)).toHaveLength(1);
});

test("LongRoPE: the long factors from the first position beyond the context on", () => {
  const shortFactors = [1, 1, 1, 1, 1, 1, 1, 1];
  const longFactors = [1, 2, 3, 4, 5, 6, 7, 8];
  const scaling = longRopeScaling({ context: 256, factor: 256, shortFactors, longFactors });
  for (const [length, factors] of [
    [256, shortFactors],
    [257, longFactors],
  ] as const) {
    for (const [pair, ratio] of ratios(scaling, length).entries()) expect(ratio).toBeCloseTo(factors[pair]!, 12);
  }
  expect(scaling.rotation(rotary).attentionFactor).toBeCloseTo(Math.SQRT2, 14);
  const lists = { context: 256, shortFactors, longFactors };
  expect(longRopeScaling({ ...lists, factor: 1 }).rotation(rotary).attentionFactor).toBe(1);
  expect(longRopeScaling({ ...lists, factor: 4, attentionFactor: 1.2 }).rotation(rotary).attentionFactor).toBe(1.2);
});

test("for a length that is settled a growing text keeps its frequencies", () => {
  const scaling = dynamicNtkScaling({ factor: 2, context: 10 });
  const settled = forLength(50, scaling);
  expect(settled.rotation(rotary)).toEqual(scaling.rotation({ ...rotary, length: 50 }));
  expect(settled.rotation({ ...rotary, length: 30 })).toEqual(settled.rotation(rotary));
});

const lists = { shortFactors: [1], longFactors: [1] };
test.each([
  [() => linearScaling(0), "linearScaling: factor must be a finite number above 0, got 0"],
  [() => dynamicNtkScaling({ factor: -1, context: 8 }), "dynamicNtkScaling: factor must be a finite number above 0"],
  [() => dynamicNtkScaling({ factor: 1, context: 0 }), "dynamicNtkScaling: context must be a whole number from 1 up"],
  [
    () => dynamicNtkScaling({ factor: 2, context: 8 }).rotation({ ...rotary, turned: 2 }),
    "dynamicNtkScaling: at least 4 elements of each head must turn, got 2; the one pair of 2 has no slower one to stretch",
  ],
  [() => yarnScaling({ factor: 0, context: 8 }), "yarnScaling: factor must be a finite number above 0, got 0"],
  [() => yarnScaling({ factor: 2, context: 1.5 }), "yarnScaling: context must be a whole number from 1 up, got 1.5"],
  [
    () => yarnScaling({ factor: 2, context: 8, betaFast: 1, betaSlow: 2 }),
    "yarnScaling: betaFast must be at least betaSlow, got 1 and 2; they count turns, and fast pairs make more",
  ],
  [
    () => yarnScaling({ factor: 2, context: 8 }).rotation({ ...rotary, base: 1 }),
    "yarnScaling: the base must be above 1, so that pairs turn ever slower, got 1",
  ],
  [() => llama3Scaling({ factor: 8, context: 0 }), "llama3Scaling: context must be a whole number from 1 up, got 0"],
  [
    () => llama3Scaling({ factor: 8, context: 8, lowFrequencyFactor: 4 }),
    "llama3Scaling: highFrequencyFactor must be above lowFrequencyFactor, got 4 and 4",
  ],
  [
    () => longRopeScaling({ context: 8, factor: 2, ...lists, longFactors: [0] }),
    "longRopeScaling: each of longFactors must be a finite number above 0, got 0",
  ],
  [
    () => longRopeScaling({ context: 1, factor: 2, ...lists }),
    "longRopeScaling: attentionFactor must be a finite number above 0, got Infinity",
  ],
  [
    () => longRopeScaling({ context: 8, factor: 2, ...lists }).rotation(rotary),
    "longRopeScaling: 8 pairs turn, but shortFactors has 1 numbers; give one for each pair",
  ],
  [() => forLength(0, linearScaling(1)), "forLength: length must be a whole number from 1 up, got 0"],
])("what does not fit is refused %#", (make, message) => {
  let error: unknown;
  try {
    make();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, "ConfigError")).toBe(true);
  expect((error as Error).message).toContain(message);
});
