import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { topP } from "./top-p.ts";

const context = { ids: [] };

/** Sort everything, add up until p is reached. Rounding may reach 1 before the end, so 1 means all. */
function reference(logits: Float32Array, p: number): Float32Array {
  if (p === 1) return logits;
  const max = Math.max(...logits.filter((logit) => logit > -Infinity));
  const weights = Array.from(logits, (logit) => Math.exp(logit - max));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  const kept = new Set<number>();
  let mass = 0;
  for (const id of order) {
    if (logits[id] === -Infinity || (kept.size > 0 && mass >= p * total)) break;
    kept.add(id);
    mass += weights[id]!;
  }
  return logits.map((logit, id) => (kept.has(id) ? logit : -Infinity));
}

test("topP agrees with sorting everything, from flat to peaked, with many ties and excluded tokens", () => {
  const dice = random(3);
  for (const v of [1, 2, 7, 100, 1000]) {
    for (const scale of [0.1, 1, 10]) {
      const logits = Float32Array.from({ length: v }, () => (Math.round(dice.normal() * 8) / 8) * scale);
      for (let id = 1; id < v; id += 5) logits[id] = -Infinity;
      for (const p of [1e-20, 0.01, 0.3, 0.5, 0.9, 0.999, 0.999999, 1]) {
        expect(topP(p).apply(logits, context)).toEqual(reference(logits, p));
      }
    }
  }
});

test.each([0.05, 4])("topP on a vocabulary of 50257, scale %s", (scale) => {
  const dice = random(4);
  const logits = Float32Array.from({ length: 50257 }, () => dice.normal() * scale);
  for (const p of [0.5, 0.95]) expect(topP(p).apply(logits, context)).toEqual(reference(logits, p));
});

test("the nucleus is the fewest tokens that reach p, and at least one", () => {
  const logits = Float32Array.of(0.2, 0.5, 0.3).map(Math.log);
  const kept = (p: number): number[] =>
    Array.from(topP(p).apply(logits, context), (logit, id) => (logit === -Infinity ? -1 : id)).filter((id) => id >= 0);
  expect(kept(1e-9)).toEqual([1]);
  expect(kept(0.49)).toEqual([1]);
  expect(kept(0.51)).toEqual([1, 2]);
  expect(kept(0.79)).toEqual([1, 2]);
  expect(kept(0.81)).toEqual([0, 1, 2]);
  expect(kept(1)).toEqual([0, 1, 2]);
});

test("of equally probable tokens the smaller ids stay, and the input stays as it was", () => {
  const logits = Float32Array.of(2, 2, -0, 2, 2);
  expect(topP(0.4).apply(logits, context)).toEqual(Float32Array.of(2, 2, -Infinity, -Infinity, -Infinity));
  expect(topP(1).apply(logits, context)).not.toBe(logits);
  expect(logits).toEqual(Float32Array.of(2, 2, -0, 2, 2));
});

test.each([0, -0.1, 1.0001, Number.NaN, Infinity, "0.5" as never])("topP(%s) is refused", (p) => {
  expect(() => topP(p)).toThrow(`topP(p) needs a number with 0 < p ≤ 1, got ${p}`);
});
