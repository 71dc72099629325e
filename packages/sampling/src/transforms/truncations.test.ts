import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { epsilonCutoff } from "./epsilon-cutoff.ts";
import { etaCutoff } from "./eta-cutoff.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { minP } from "./min-p.ts";
import { temperature } from "./temperature.ts";
import { topK } from "./top-k.ts";
import { topNSigma } from "./top-n-sigma.ts";
import { topP } from "./top-p.ts";
import { typical } from "./typical.ts";

const context = { ids: [] };
const kept = (transform: LogitsTransform, logits: Float32Array): readonly number[] =>
  Array.from(transform.apply(logits, context).entries()).flatMap(([id, logit]) => (logit === -Infinity ? [] : [id]));

const truncations = [topK(9), topP(0.6), minP(0.07), typical(0.6), epsilonCutoff(0.01), etaCutoff(0.02), topNSigma(1)];

function logitsOf(seed: number, v = 300): Float32Array {
  const dice = random(seed);
  // Multiples of 1/64, so that adding a whole number rounds nothing.
  return Float32Array.from({ length: v }, (_, id) =>
    id % 11 === 4 ? -Infinity : Math.round(dice.normal() * 128) / 64,
  );
}

test.each(truncations.map((transform) => [transform.name, transform] as const))(
  "%s excludes some tokens and changes no other, leaves its input alone, and does not see a common offset",
  (_, transform) => {
    expect(transform.forSampling).toBe(true);
    for (const seed of [1, 2, 3]) {
      const logits = logitsOf(seed);
      const result = transform.apply(logits, context);
      expect(logits).toEqual(logitsOf(seed));
      expect(result).toHaveLength(logits.length);
      for (const [id, logit] of result.entries()) if (logit !== -Infinity) expect(logit).toBe(logits[id]);
      const ids = kept(transform, logits);
      expect(ids.length).toBeGreaterThan(0);
      expect(ids.length).toBeLessThan(270);
      for (const offset of [-40, 7, 1000])
        expect(
          kept(
            transform,
            logits.map((logit) => logit + offset),
          ),
        ).toEqual(ids);
    }
  },
);

test("the thresholds are those of the papers", () => {
  const logits = logitsOf(4);
  const weights = Array.from(logits, (logit) => Math.exp(logit));
  const total = weights.reduce((a, b) => a + b);
  const p = weights.map((weight) => weight / total);
  const entropy = p.reduce((sum, each) => (each === 0 ? sum : sum - each * Math.log(each)), 0);
  const atLeast = (threshold: number): readonly number[] => [...p.keys()].filter((id) => p[id]! >= threshold);
  for (const epsilon of [1e-4, 1e-3, 5e-3, 0.02, 0.3]) {
    const most = p.indexOf(Math.max(...p));
    const orMost = (ids: readonly number[]): readonly number[] => (ids.length === 0 ? [most] : ids);
    expect(kept(epsilonCutoff(epsilon), logits)).toEqual(orMost(atLeast(epsilon)));
    expect(kept(etaCutoff(epsilon), logits)).toEqual(
      orMost(atLeast(Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-entropy)))),
    );
    expect(kept(minP(epsilon), logits)).toEqual(atLeast(epsilon * Math.max(...p)));
  }
});

test("topNSigma keeps what is within n deviations of the largest, at any temperature", () => {
  const logits = logitsOf(5);
  const open = Array.from(logits).filter((logit) => logit > -Infinity);
  const mean = open.reduce((a, b) => a + b) / open.length;
  const sigma = Math.sqrt(open.reduce((sum, logit) => sum + (logit - mean) ** 2, 0) / open.length);
  for (const n of [0.3, 1, 2, 3]) {
    const threshold = Math.max(...open) - n * sigma;
    const expected = [...logits.keys()].filter((id) => logits[id]! >= threshold);
    expect(kept(topNSigma(n), logits)).toEqual(expected);
    for (const t of [0.25, 8]) expect(kept(topNSigma(n), temperature(t).apply(logits, context))).toEqual(expected);
  }
  expect(kept(topNSigma(1), Float32Array.of(-Infinity, 3))).toEqual([1]);
});

test("typical may exclude the most probable token, and keeps all for p = 1", () => {
  const logits = Float32Array.of(0.6, 0.1, 0.1, 0.1, 0.1).map(Math.log);
  expect(kept(typical(0.3), logits)).toEqual([0]);
  const flatter = Float32Array.of(0.4, 0.2, 0.2, 0.1, 0.1).map(Math.log);
  expect(kept(typical(0.3), flatter)).toEqual([1, 2]);
  expect(typical(1).apply(flatter, context)).toEqual(flatter);
  expect(typical(1).apply(flatter, context)).not.toBe(flatter);
});

test("at least `keep` tokens stay, of equal ones those with the smaller ids, and never an excluded one", () => {
  const logits = Float32Array.of(9, -Infinity, 2, 1, 2, 2);
  for (const make of [topP, minP, typical, epsilonCutoff, etaCutoff]) {
    const p = 0.9;
    expect(kept(make(p), logits)).toEqual([0]);
    expect(kept(make(p, {}), logits)).toEqual([0]);
    expect(kept(make(p, { keep: undefined }), logits)).toEqual([0]);
    expect(kept(make(p, { keep: 3 }), logits)).toEqual([0, 2, 4]);
    expect(kept(make(p, { keep: 9 }), logits)).toEqual([0, 2, 3, 4, 5]);
  }
});

test.each([
  ["minP(p)", minP, "a number with 0 < p ≤ 1", [0, -0.1, 1.01, Number.NaN, "0.5"]],
  ["typical(p)", typical, "a number with 0 < p ≤ 1", [0, -0.1, 1.01, Number.NaN, "0.5"]],
  ["epsilonCutoff(epsilon)", epsilonCutoff, "a number with 0 < epsilon < 1", [0, 1, -1, Number.NaN, undefined]],
  ["etaCutoff(epsilon)", etaCutoff, "a number with 0 < epsilon < 1", [0, 1, -1, Number.NaN, undefined]],
  ["topNSigma(n)", topNSigma, "a finite number n > 0", [0, -1, Infinity, Number.NaN, "2"]],
] as const)("%s refuses nonsense", (call, make, expected, values) => {
  for (const value of values) expect(() => make(value as never)).toThrow(`${call} needs ${expected}, got ${value}`);
});

test.each([
  ["topP(p, { keep })", topP],
  ["minP(p, { keep })", minP],
  ["typical(p, { keep })", typical],
  ["epsilonCutoff(epsilon, { keep })", epsilonCutoff],
  ["etaCutoff(epsilon, { keep })", etaCutoff],
] as const)("%s refuses options it does not have", (call, make) => {
  for (const keep of [0, -1, 1.5, Number.NaN, "2" as never])
    expect(() => make(0.5, { keep })).toThrow(`keep of ${call} is a whole number of at least 1, got ${keep}`);
  expect(() => make(0.5, { kept: 2 } as never)).toThrow(`${call} has no option "kept". It has keep.`);
  expect(() => make(0.5, 2 as never)).toThrow(`${call} takes its options as an object with keep, got 2`);
});
