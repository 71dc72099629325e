import { trace, patch } from "@tenon/nn";
import { cpu, mul, random, sum, tensor, zeros, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { FixedCache } from "./cache/fixed-cache.ts";
import { causal } from "./mask/causal.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";

const made = async (on: Backend): Promise<{ attention: MultiHeadAttention; forward: () => Tensor }> => {
  const attention = await new MultiHeadAttention({ width: 8, heads: 4, keyValueHeads: 2, random: random(1) }).to(on);
  const x = tensor(
    Float64Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    [1, 3, 8],
    on,
  );
  return { attention, forward: () => attention.forward(x, { mask: causal() }) };
};

test("each named point can be read, with its shape", async () => {
  const { attention, forward } = await made(cpu());
  const names = ["query", "key", "value", "scores", "pattern", "heads"];
  const { taps } = trace(attention, names, forward);
  expect(Object.fromEntries(names.map((name) => [name, taps[name]![0]!.shape]))).toEqual({
    query: [1, 4, 3, 2],
    key: [1, 2, 3, 2],
    value: [1, 2, 3, 2],
    scores: [1, 4, 3, 3],
    pattern: [1, 4, 3, 3],
    heads: [1, 4, 3, 2],
  });
  const rows = await sum(taps["pattern"]![0]!, -1).read();
  rows.forEach((total) => expect(total).toBeCloseTo(1, 5));
  const pattern = await taps["pattern"]![0]!.read();
  expect([pattern[1], pattern[2], pattern[5]]).toEqual([0, 0, 0]);
});

test("looking does not change the result", async () => {
  const { attention, forward } = await made(cpu({ precision: "f64" }));
  const expected = await forward().read();
  const { output } = trace(attention, ["**"], forward);
  (await output.read()).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 14));
});

test("a patched pattern changes the result: without attention only the output's bias is left", async () => {
  const { attention, forward } = await made(cpu());
  const none = patch(attention, { pattern: (x) => mul(x, 0) }, forward);
  expect(await none.read()).toEqual(new Float32Array(24));
  const noScores = patch(attention, { scores: (x) => mul(x, 0) }, () => trace(attention, ["pattern"], forward));
  const pattern = await noScores.taps["pattern"]![0]!.read();
  expect([...pattern.slice(0, 9)].map((value) => Math.round(value * 100))).toEqual([100, 0, 0, 50, 50, 0, 33, 33, 33]);
});

test("a misspelt name lists all there are, those of the explicit path, too", async () => {
  const { attention, forward } = await made(cpu());
  expect(() => trace(attention, ["patern"], forward)).toThrow(
    'no tap fits "patern". The taps are: query, key, value, scores, pattern, heads, contributions.',
  );
});

test("a pattern over a cache covers the filled positions", async () => {
  const on = cpu();
  const attention = await new MultiHeadAttention({ width: 8, heads: 4, random: random(1) }).to(on);
  using cache = new FixedCache(10);
  const run = (t: number) => (): Tensor => attention.forward(zeros([1, t, 8], on), { mask: causal(), cache });
  run(3)();
  const { taps } = trace(attention, ["pattern"], run(2));
  expect(taps["pattern"]![0]!.shape).toEqual([1, 4, 2, 5]);
  const values = await taps["pattern"]![0]!.read();
  expect([...values.slice(0, 5)].map((value) => Math.round(value * 100))).toEqual([25, 25, 25, 25, 0]);
});
