import { isTenonError, random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { chain } from "./chain.ts";
import { greedy } from "../strategies/greedy.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { sample } from "../strategies/sample.ts";
import { temperature } from "./temperature.ts";
import { topK } from "./top-k.ts";
import { topP } from "./top-p.ts";
import { badWords } from "./bad-words.ts";
import { epsilonCutoff } from "./epsilon-cutoff.ts";
import { etaCutoff } from "./eta-cutoff.ts";
import { exponentialDecayLength } from "./exponential-decay-length.ts";
import { forceAt } from "./force-at.ts";
import { forceFirst } from "./force-first.ts";
import { forceLast } from "./force-last.ts";
import { frequencyPenalty } from "./frequency-penalty.ts";
import { logitBias } from "./logit-bias.ts";
import { minP } from "./min-p.ts";
import { minTokens } from "./min-tokens.ts";
import { noRepeatNGram } from "./no-repeat-n-gram.ts";
import { presencePenalty } from "./presence-penalty.ts";
import { renormalise } from "./renormalise.ts";
import { repetitionPenalty } from "./repetition-penalty.ts";
import { sequenceBias } from "./sequence-bias.ts";
import { suppress } from "./suppress.ts";
import { suppressAtBeginning } from "./suppress-at-beginning.ts";
import { topNSigma } from "./top-n-sigma.ts";
import { typical } from "./typical.ts";

const context = { ids: [] };
const returning = (result: Float32Array): LogitsTransform => ({ name: "odd", apply: () => result });
const thrown = (body: () => unknown): unknown => {
  try {
    body();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};

test("transforms are applied from left to right", () => {
  const logits = Float32Array.of(0, 1, 2, 3);
  expect(chain(temperature(0.5), topK(2)).apply(logits, context)).toEqual(Float32Array.of(-Infinity, -Infinity, 4, 6));
  const flatFirst = chain(temperature(10), topP(0.6)).apply(logits, context);
  const flatLast = chain(topP(0.6), temperature(10)).apply(logits, context);
  expect(flatFirst.filter((logit) => logit > -Infinity)).toHaveLength(3);
  expect(flatLast.filter((logit) => logit > -Infinity)).toHaveLength(1);
});

test("a chain of nothing returns a copy, and chains nest", () => {
  const logits = Float32Array.of(1, 2);
  expect(chain().apply(logits, context)).toEqual(logits);
  expect(chain().apply(logits, context)).not.toBe(logits);
  const nested = chain(chain(temperature(2)), topK(1));
  expect(nested.name).toBe("temperature(2) → topK(1)");
  expect(nested.apply(logits, context)).toEqual(Float32Array.of(-Infinity, 1));
});

test("transforms see the ids so far", () => {
  const noRepeat: LogitsTransform = {
    name: "no repeat",
    apply: (logits, { ids }) => logits.map((logit, id) => (ids.includes(id) ? -Infinity : logit)),
  };
  expect(chain(noRepeat).apply(Float32Array.of(5, 6, 7), { ids: [2, 0] })).toEqual(
    Float32Array.of(-Infinity, 6, -Infinity),
  );
});

test("an impossible result is one clear error that names the transform", () => {
  const logits = Float32Array.of(1, 2);
  expect(() => chain(topK(1), returning(Float32Array.of(-Infinity, -Infinity))).apply(logits, context)).toThrow(
    "the logits after odd: every one of the 2 tokens is excluded, so there is nothing to choose from. Loosen or remove a transform that excludes tokens.",
  );
  expect(() => chain(returning(Float32Array.of(0, Number.NaN))).apply(logits, context)).toThrow(
    "the logits after odd: NaN for token id 1 of 2. A logit is a finite number, or -Infinity for an excluded token;",
  );
  expect(() => chain(returning(Float32Array.of(Infinity, 0))).apply(logits, context)).toThrow(
    "the logits after odd: Infinity for token id 0 of 2.",
  );
  expect(() => chain(returning(Float32Array.of(1))).apply(logits, context)).toThrow(
    "the logits after odd: 1 of them, but 2 went in.",
  );
});

const others = [
  minP(0.5),
  typical(0.5),
  typical(1),
  epsilonCutoff(0.5),
  etaCutoff(0.5),
  topNSigma(1),
  repetitionPenalty(2),
  frequencyPenalty(1),
  presencePenalty(1),
  noRepeatNGram(1),
  badWords([[0]]),
  logitBias({ 0: 1 }),
  sequenceBias([[[0], 1]]),
  suppress([0]),
  suppressAtBeginning([0]),
  forceAt({ 0: 0 }),
  forceFirst(0),
  forceLast(0, 1),
  minTokens(1, [0]),
  exponentialDecayLength(0, 2, [0]),
  renormalise(),
];

test("every transform and strategy refuses NaN, infinity and nothing to choose from", () => {
  const bad = [
    Float32Array.of(1, Number.NaN),
    Float32Array.of(Infinity, 1),
    Float32Array.of(-Infinity),
    new Float32Array(),
  ];
  for (const logits of bad) {
    for (const { name, apply } of [temperature(1), topK(1), topP(0.5), topP(1), ...others]) {
      const error = thrown(() => apply(logits, context));
      expect(isTenonError(error, "ConfigError")).toBe(true);
      expect(String(error)).toContain(`the logits given to ${name}: `);
    }
    for (const { name, choose } of [greedy(), sample(random(1))]) {
      const error = thrown(() => choose(logits, context));
      expect(isTenonError(error, "ConfigError")).toBe(true);
      expect(String(error)).toContain(`the logits given to ${name}: `);
    }
  }
});
