import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { chiSquare } from "../../test/chi-square.ts";
import { chain } from "../transforms/chain.ts";
import type { DecodingContext } from "../transforms/logits-transform.ts";
import { temperature } from "../transforms/temperature.ts";
import { topK } from "../transforms/top-k.ts";
import { gumbelMax } from "./gumbel-max.ts";

/** After so many ids, whichever. */
const after = (length: number): DecodingContext => ({ ids: { length } as never });

/** Choices at steps 0, 1, 2, …, counted by id. */
function frequencies(logits: Float32Array, draws: number, seed: number): number[] {
  const strategy = gumbelMax(random(seed));
  const counts = Array.from(logits, () => 0);
  for (let n = 0; n < draws; n++) counts[strategy.choose(logits, after(n))]!++;
  return counts;
}

const logits = Float32Array.from({ length: 10 }, (_, id) => Math.sin(3 * id) * 1.5);
const weights = Array.from(logits, Math.exp);

// The 99.9 % points of the chi-square distribution: with this seed or any other, one honest run in a thousand would exceed them.
test("frequencies match softmax (chi-square, 9 degrees of freedom)", () => {
  expect(chiSquare(frequencies(logits, 20_000, 21), weights)).toBeLessThan(27.88);
});

test("frequencies match the transformed distribution (chi-square, 3 degrees of freedom)", () => {
  const shaped = chain(temperature(0.7), topK(4)).apply(logits, { ids: [] });
  const expected = Array.from(shaped, Math.exp);
  const counts = frequencies(shaped, 20_000, 22);
  expect(chiSquare(counts, expected)).toBeLessThan(16.27);
  expect(counts.map((count) => count > 0)).toEqual(expected.map((weight) => weight > 0));
});

test("a token that is excluded is never drawn, and a large offset or spread is harmless", () => {
  const counts = frequencies(Float32Array.of(-Infinity, 0, -Infinity, 0, -Infinity), 2000, 23);
  expect(counts[1]! + counts[3]!).toBe(2000);
  expect(frequencies(Float32Array.of(1e30, 1e30, -1e30), 200, 24)[2]).toBe(0);
  expect(frequencies(Float32Array.of(-1e30, -1e38), 200, 24)).toEqual([200, 0]);
  expect(frequencies(Float32Array.of(-Infinity, -3e38), 50, 24)).toEqual([0, 50]);
});

test("the noise belongs to the tokens: excluding others or raising the choice leaves it, raising another takes it there or nowhere", () => {
  const strategy = gumbelMax(random(25));
  for (let n = 0; n < 100; n++) {
    const chosen = strategy.choose(logits, after(n));
    const other = (chosen + 1 + (n % 9)) % 10;
    expect(strategy.choose(logits.with(other, -Infinity), after(n))).toBe(chosen);
    expect(strategy.choose(logits.with(chosen, logits[chosen]! + 1), after(n))).toBe(chosen);
    expect([chosen, other]).toContain(strategy.choose(logits.with(other, logits[other]! + 1), after(n)));
  }
});

test("the choice depends on the seed and the length so far, not on earlier choices", () => {
  const strategy = gumbelMax(random(26));
  const steps = Array.from({ length: 50 }, (_, n) => n);
  const forwards = steps.map((n) => strategy.choose(logits, after(n)));
  const backwards = steps.toReversed().map((n) => strategy.choose(logits, after(n)));
  expect(backwards.reverse()).toEqual(forwards);
  expect(steps.map((n) => gumbelMax(random(27)).choose(logits, after(n)))).not.toEqual(forwards);
});

test("what cannot be chosen from is refused, and what is no generator", () => {
  expect(gumbelMax(random(1))).toMatchObject({ name: "gumbelMax()", draws: true });
  expect(() => gumbelMax(random(1)).choose(Float32Array.of(0, NaN), after(0))).toThrow(
    "the logits given to gumbelMax(): NaN for token id 1 of 2",
  );
  expect(() => gumbelMax(7 as never)).toThrow("gumbelMax(random) needs a generator such as random(7), got number");
});
