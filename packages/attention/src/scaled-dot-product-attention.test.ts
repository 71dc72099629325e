import { cpu, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { causal } from "./mask/causal.ts";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.ts";

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

test("fewer queries than keys are the last of them, unless told otherwise", async () => {
  const [q, k, v] = [make([0], 1), make([0, 0, 0], 3), make([0, 3, 6], 3)];
  const last = scaledDotProductAttention(q, k, v, { mask: causal() });
  expect((await last.read())[0]).toBeCloseTo(3, 6);
  const middle = scaledDotProductAttention(q, k, v, { mask: causal(), queryOffset: 1 });
  expect((await middle.read())[0]).toBeCloseTo(1.5, 6);
  const filled = scaledDotProductAttention(q, k, v, { mask: causal(), keyLength: 2 });
  expect((await filled.read())[0]).toBeCloseTo(1.5, 6);
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
