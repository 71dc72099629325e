import { cpu, sum, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { causal } from "./mask/causal.ts";
import { scaledDotProductAttention, scaledDotProductAttentionWithWeights } from "./scaled-dot-product-attention.ts";

const on = cpu();
const make = (values: readonly number[], t: number): Tensor => tensor(values, [1, 1, t, values.length / t], on);

test("averages the values by the softmax of the scaled products", async () => {
  const y = scaledDotProductAttention(make([2, 0, 0, 0], 1), make([1, 0, 0, 0, 0, 0, 0, 0], 2), make([1, 0, 0, 1], 2));
  const weight = Math.E / (Math.E + 1); // the products are 2 and 0, the scale 1 / √4
  const [first, second] = await y.read();
  expect(first).toBeCloseTo(weight, 6);
  expect(second).toBeCloseTo(1 - weight, 6);
});

test("scale and bias are honoured", async () => {
  const [q, k, v] = [make([1], 1), make([3, 1], 2), make([0, 1], 2)];
  const even = scaledDotProductAttention(q, k, v, { scale: 0 });
  expect(await even.read()).toEqual(Float32Array.of(0.5));
  const biased = scaledDotProductAttention(q, k, v, { scale: 0, bias: tensor([-100, 0], [1, 2], on) });
  expect((await biased.read())[0]).toBeCloseTo(1, 6);
});

test("a soft cap bends the scores before the bias", async () => {
  const [q, k, v] = [make([1], 1), make([1000, 0], 2), make([1, 0], 2)];
  const capped = scaledDotProductAttention(q, k, v, { softCap: 2 });
  expect((await capped.read())[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 6);
  const biased = scaledDotProductAttention(q, k, v, { softCap: 2, bias: tensor([-2, 0], [1, 2], on) });
  expect((await biased.read())[0]).toBeCloseTo(0.5, 6);
});

test("a sink takes its share, and gives nothing for it", async () => {
  const [q, k, v] = [make([0], 1), make([0, 0], 2), make([6, 12], 2)];
  const sinks = tensor([0], [1], on);
  expect((await scaledDotProductAttention(q, k, v, { sinks }).read())[0]).toBeCloseTo(6, 5); // (6 + 12 + nothing) / 3
  const rows: number[] = [];
  const tap = (name: string, x: Tensor): Tensor => {
    if (name === "pattern") rows.push(...x.shape);
    return x;
  };
  expect((await scaledDotProductAttention(q, k, v, { sinks, tap }).read())[0]).toBeCloseTo(6, 5);
  expect(rows).toEqual([1, 1, 1, 2]);
  expect(() => scaledDotProductAttention(q, k, v, { sinks: tensor([0, 0], [2], on) })).toThrow(
    "attention: q [1, 1, 1, 1], k [1, 1, 2, 1], v [1, 1, 2, 1]: the sinks must be [1], one for each query head, got [2]",
  );
  expect(() => scaledDotProductAttention(q, k, v, { softCap: 0 })).toThrow("softCap must be a finite number above 0");
});

test("fewer queries than keys are the last of them, unless told otherwise", async () => {
  const [q, k, v] = [make([0], 1), make([0, 0, 0], 3), make([0, 3, 6], 3)];
  const last = scaledDotProductAttention(q, k, v, { mask: causal() });
  expect((await last.read())[0]).toBeCloseTo(3, 6);
  const middle = scaledDotProductAttention(q, k, v, { mask: causal(), queryOffset: 1 });
  expect((await middle.read())[0]).toBeCloseTo(1.5, 6);
  const filled = scaledDotProductAttention(q, k, v, { mask: causal(), keyLength: 2 });
  expect((await filled.read())[0]).toBeCloseTo(1.5, 6);
});

test("weights come on request, with the same output", async () => {
  const [q, k, v] = [make([1, 2, 0, 1, -1, 1], 3), make([2, 0, 1, 1, 0, -2], 3), make([1, 0, 0, 1, 2, 2], 3)];
  const options = { mask: causal(), softCap: 3, sinks: tensor([0.5], [1], on) };
  const { output, weights } = scaledDotProductAttentionWithWeights(q, k, v, options);
  const expected = await scaledDotProductAttention(q, k, v, options).read();
  (await output.read()).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  expect(weights.shape).toEqual([1, 1, 3, 3]);
  const rows = await weights.read();
  expect([rows[1], rows[2], rows[5]]).toEqual([0, 0, 0]);
  expect(rows[0]).toBeCloseTo(1 / (1 + Math.exp(0.5 - 3 * Math.tanh(2 / Math.SQRT2 / 3))), 5);
  const without = scaledDotProductAttentionWithWeights(q, k, v, { mask: causal() });
  const totals = await sum(without.weights, -1).read();
  totals.forEach((total) => expect(total).toBeCloseTo(1, 6));
  expect(() => scaledDotProductAttentionWithWeights(q, make([1], 1), v)).toThrow("queries and keys differ in width");
});

test("a tap sees the steps", () => {
  const names: string[] = [];
  scaledDotProductAttention(make([0], 1), make([0], 1), make([0], 1), {
    tap: (name, x) => {
      names.push(name);
      return x;
    },
  });
  expect(names).toEqual(["scores", "pattern"]);
});

test("sizes that do not fit are refused", () => {
  expect(() => scaledDotProductAttention(tensor([1], [1, 1], on), make([1], 1), make([1], 1))).toThrow(
    "scaledDotProductAttention: queries, keys and values must be [b, h, t, k], got [1, 1], [1, 1, 1, 1], [1, 1, 1, 1]",
  );
  expect(() => scaledDotProductAttention(make([1, 1], 1), make([1], 1), make([1], 1))).toThrow(
    "queries and keys differ in width",
  );
});

test("looking inside refuses what the op refuses", () => {
  const heads = (count: number): Tensor => zeros([1, count, 3, 8], on);
  for (const tap of [undefined, (_: string, x: Tensor) => x])
    expect(() => scaledDotProductAttention(heads(4), heads(3), heads(3), { tap })).toThrow("cannot share 3 key heads");
});
