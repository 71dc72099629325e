import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { chiSquare } from "../../test/chi-square.ts";
import { chain } from "../transforms/chain.ts";
import { sample } from "./sample.ts";
import { temperature } from "../transforms/temperature.ts";
import { topK } from "../transforms/top-k.ts";
import { topP } from "../transforms/top-p.ts";

/** Choices of `sample` at steps 0, 1, 2, …, counted by id. */
function frequencies(logits: Float32Array, draws: number, seed: number): number[] {
  const strategy = sample(random(seed));
  const counts = Array.from(logits, () => 0);
  const ids: number[] = [];
  while (ids.length < draws) {
    const id = strategy.choose(logits, { ids });
    counts[id]!++;
    ids.push(id);
  }
  return counts;
}

const logits = Float32Array.from({ length: 10 }, (_, id) => Math.sin(3 * id) * 1.5);
const weights = Array.from(logits, Math.exp);

// The 99.9 % points of the chi-square distribution: with this seed or any other, one honest run in a thousand would exceed them.
test("frequencies match softmax (chi-square, 9 degrees of freedom)", () => {
  expect(chiSquare(frequencies(logits, 20_000, 11), weights)).toBeLessThan(27.88);
});

test("a wrong distribution would be noticed", () => {
  const uniform = Float32Array.from(logits, () => 0);
  expect(chiSquare(frequencies(uniform, 20_000, 11), weights)).toBeGreaterThan(1000);
});

test("frequencies match the transformed distribution (chi-square, 3 degrees of freedom)", () => {
  const shaped = chain(temperature(0.7), topK(4)).apply(logits, { ids: [] });
  const order = Array.from(logits.keys()).sort((a, b) => logits[b]! - logits[a]!);
  const expected = weights.map((weight, id) => (order.indexOf(id) < 4 ? weight ** (1 / 0.7) : 0));
  const counts = frequencies(shaped, 20_000, 12);
  expect(chiSquare(counts, expected)).toBeLessThan(16.27);
  expect(counts.filter((count) => count > 0)).toHaveLength(4);
});

test("what the nucleus leaves out is never drawn", () => {
  const nucleus = topP(0.6).apply(logits, { ids: [] });
  const counts = frequencies(nucleus, 5000, 13);
  for (const [id, count] of counts.entries()) expect(count > 0).toBe(nucleus[id] !== -Infinity);
});

test("excluded tokens are never drawn, wherever they stand", () => {
  const counts = frequencies(Float32Array.of(-Infinity, 0, -Infinity, 0, -Infinity), 2000, 14);
  expect(counts[1]! + counts[3]!).toBe(2000);
});

test("a large offset and a large spread are harmless", () => {
  expect(frequencies(Float32Array.of(1e30, 1e30, -1e30), 200, 15)[2]).toBe(0);
  expect(frequencies(Float32Array.of(-1e30, -1e38), 200, 15)).toEqual([200, 0]);
});

test("the choice depends on the seed and the length so far, not on earlier choices", () => {
  const strategy = sample(random(16));
  const at = (length: number): number => strategy.choose(logits, { ids: new Array<number>(length) });
  const forwards = Array.from({ length: 50 }, (_, n) => at(n));
  const backwards = Array.from({ length: 50 }, (_, n) => at(49 - n)).reverse();
  expect(backwards).toEqual(forwards);
  const other = sample(random(17));
  expect(Array.from({ length: 50 }, (_, n) => other.choose(logits, { ids: new Array<number>(n) }))).not.toEqual(
    forwards,
  );
});

test("something else than a generator is refused", () => {
  expect(() => sample(7 as never)).toThrow("sample(random) needs a generator such as random(7), got number");
  expect(() => sample(undefined as never)).toThrow("got undefined");
});
