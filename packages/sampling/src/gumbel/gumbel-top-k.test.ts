import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { chiSquare } from "../../test/chi-square.ts";
import { gumbelTopK } from "./gumbel-top-k.ts";

const weights = [0.4, 0.3, 0.2, 0.1];
const logits = Float32Array.from(weights, Math.log);

test("ordered pairs are those of drawing twice without putting back (chi-square, 11 degrees of freedom)", () => {
  const counts = new Map<string, number>();
  const from = random(41);
  for (let n = 0; n < 20_000; n++) {
    const pair = gumbelTopK(logits, 2, from).join();
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const pairs = [0, 1, 2, 3].flatMap((first) =>
    [0, 1, 2, 3].filter((second) => second !== first).map((second) => [first, second] as const),
  );
  const expected = pairs.map(([first, second]) => (weights[first]! * weights[second]!) / (1 - weights[first]!));
  const found = pairs.map((pair) => counts.get(pair.join()) ?? 0);
  expect(found.reduce((sum, count) => sum + count, 0)).toBe(20_000); // so no id was drawn twice
  expect(chiSquare(found, expected)).toBeLessThan(31.26);
});

test("all of them are a permutation, and what is excluded is not among them", () => {
  expect(Array.from(gumbelTopK(logits, 4, random(42))).sort()).toEqual([0, 1, 2, 3]);
  const ids = gumbelTopK(Float32Array.of(0, -Infinity, 0, -Infinity), 4, random(42));
  expect(Array.from(ids).sort()).toEqual([0, 2]);
});

test("the same stream gives the same ids, and goes on", () => {
  const many = new Float32Array(1000);
  const from = random(43);
  const first = gumbelTopK(many, 5, from);
  expect(gumbelTopK(many, 5, random(43))).toEqual(first);
  expect(gumbelTopK(many, 5, from)).not.toEqual(first);
});

test.each([0, 5, 1.5, NaN])("k = %s is refused", (k) => {
  expect(() => gumbelTopK(logits, k, random(1))).toThrow(
    `gumbelTopK(logits, k, random) needs a whole number k from 1 to the 4 tokens there are, got ${k}`,
  );
});

test("what is no generator and logits that cannot be chosen from are refused", () => {
  expect(() => gumbelTopK(logits, 1, 7 as never)).toThrow(
    "gumbelTopK(logits, k, random) needs a generator such as random(7), got number",
  );
  expect(() => gumbelTopK(Float32Array.of(-Infinity), 1, random(1))).toThrow(
    "the logits given to gumbelTopK(): every one of the 1 tokens is excluded",
  );
});
