import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { topK } from "./top-k.ts";

const context = { ids: [] };

/** Sort everything, keep the first k. */
function reference(logits: Float32Array, k: number): Float32Array {
  const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]! || a - b);
  const kept = new Set(order.slice(0, k));
  return logits.map((logit, id) => (kept.has(id) ? logit : -Infinity));
}

test("topK agrees with sorting everything, with many ties and excluded tokens", () => {
  const dice = random(1);
  for (const v of [1, 2, 7, 100, 1000]) {
    const logits = Float32Array.from({ length: v }, () => Math.round(dice.normal() * 4) / 4);
    for (let id = 1; id < v; id += 5) logits[id] = -Infinity;
    for (const k of [1, 2, 3, Math.ceil(v / 2), v, v + 1]) {
      expect(topK(k).apply(logits, context)).toEqual(reference(logits, k));
    }
  }
});

test("topK on a vocabulary of 50257", () => {
  const dice = random(2);
  const logits = Float32Array.from({ length: 50257 }, () => dice.normal());
  expect(topK(40).apply(logits, context)).toEqual(reference(logits, 40));
});

test("of equal logits the smaller ids stay, and the input stays as it was", () => {
  const logits = Float32Array.of(1, 3, -0, 3, 3, 0);
  expect(topK(2).apply(logits, context)).toEqual(Float32Array.of(-Infinity, 3, -Infinity, 3, -Infinity, -Infinity));
  expect(topK(5).apply(logits, context)).toEqual(Float32Array.of(1, 3, -0, 3, 3, -Infinity));
  expect(topK(9).apply(logits, context)).not.toBe(logits);
  expect(logits).toEqual(Float32Array.of(1, 3, -0, 3, 3, 0));
});

test.each([0, -1, 1.5, Number.NaN, Infinity, "3" as never])("topK(%s) is refused", (k) => {
  expect(() => topK(k)).toThrow(`topK(k) needs a whole number k of at least 1, got ${k}`);
});
