import { RMSNorm, type Module } from "@tenon/nn";
import { distances, RotaryPosition, type AttentionPosition } from "@tenon/positional";
import { concat, cpu, mul, random, slice, sum, tensor, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { AdditiveAttention } from "./additive-attention.ts";
import type { Attention } from "./attention.ts";
import type { AttentionCache } from "./cache/attention-cache.ts";
import { KeptMemory } from "./cache/kept-memory.ts";
import type { CrossAttention } from "./cross-attention.ts";
import { LatentAttention } from "./latent-attention.ts";
import { LinearAttention } from "./linear-attention.ts";
import { causal } from "./mask/causal.ts";
import { window } from "./mask/window.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";
import { MultiHeadCrossAttention } from "./multi-head-cross-attention.ts";
import { MultiplicativeAttention } from "./multiplicative-attention.ts";

const [b, t, d] = [2, 7, 8];
const on = cpu({ precision: "f64" });
const x = place(floats([b, t, d], random(1)), on);

/** As that of Shaw et al.: a bias that is made of the queries, and something for the values. */
const relative: AttentionPosition = {
  at: (extent) => {
    const table = (region: Parameters<typeof distances>[1]): Tensor =>
      tensor(Float64Array.from(distances(extent, region)[0]!), [region.queries, region.keys], on);
    return {
      bias: (queries, region, scale) => mul(mul(sum(queries, -1, { keepDims: true }), scale), table(region)),
      values: (pattern, region) => sum(mul(pattern, table(region)), -1, { keepDims: true }),
    };
  },
};
const shared = { width: d, heads: 2, random: random(2) };
const selves: readonly (readonly [string, Attention & { newCache(capacity: number): AttentionCache }])[] = [
  [
    "multi-head, with everything",
    new MultiHeadAttention({
      ...shared,
      keyValueHeads: 1,
      position: new RotaryPosition({ width: 6 }),
      variant: {
        headWidth: 6,
        softCap: 2,
        sinks: true,
        headNorm: (width) => new RMSNorm(width),
        gate: "element",
        mask: window(3),
      },
    }),
  ],
  ["latent", new LatentAttention({ ...shared, latentWidth: 3 })],
  ["latent, rotary", new LatentAttention({ ...shared, latentWidth: 3, position: new RotaryPosition({ width: 2 }) })],
  [
    "latent, relative, with a window",
    new LatentAttention({ ...shared, latentWidth: 3, position: relative, variant: { mask: window(4) } }),
  ],
  ["linear", new LinearAttention({ ...shared, causal: true })],
  ["linear, rotary", new LinearAttention({ ...shared, causal: true, position: new RotaryPosition({ width: 4 }) })],
];

test.each(selves)("%s: cached, in pieces of any length, is what it is at once", async (_, attention) => {
  await attention.to(on);
  const whole = await attention.forward(x, { mask: causal() }).read();
  for (const pieces of [[7], [1, 1, 1, 1, 1, 1, 1], [4, 1, 2]]) {
    using cache = attention.newCache(t);
    let first = 0;
    for (const length of pieces) {
      const y = attention.forward(slice(x, 1, first, length), { mask: causal(), cache });
      const expected = slice(place({ dtype: "f32", shape: [b, t, d], data: [...whole] }, on), 1, first, length);
      expectNumbers(await y.read(), await expected.read(), 1e-12);
      first += length;
      expect(cache.length).toBe(first);
    }
  }
});

test.each(selves)("%s: a cache that forks and selects goes on from there", async (_, attention) => {
  await attention.to(on);
  const [start, next] = [slice(x, 1, 0, 4), slice(x, 1, 4, 1)];
  using cache = attention.newCache(t);
  const begun = await attention.forward(start, { mask: causal(), cache }).read();
  using other = cache.fork();
  other.select([1, 0, 1]);
  const beams = await attention.forward(chosen(next, [1, 0, 1]), { mask: causal(), cache: other }).read();
  const plain = await attention.forward(next, { mask: causal(), cache }).read();
  const whole = await attention.forward(slice(x, 1, 0, 5), { mask: causal() }).read();
  expectNumbers(plain.slice(0, d), whole.slice(4 * d, 5 * d), 1e-12);
  expectNumbers(beams, [...plain.slice(d), ...plain.slice(0, d), ...plain.slice(d)], 1e-12);
  cache.reset();
  expect([cache.length, other.length]).toEqual([0, 5]);
  expectNumbers(await attention.forward(start, { mask: causal(), cache }).read(), begun, 1e-12);
});

const chosen = (y: Tensor, rows: readonly number[]): Tensor =>
  concat(
    rows.map((row) => slice(y, 0, row, 1)),
    0,
  );

const memory = place(floats([b, 4, d], random(3)), on);
const crosses: readonly (readonly [string, CrossAttention])[] = [
  ["multi-head", new MultiHeadCrossAttention({ ...shared, keyValueHeads: 1 })],
  ["additive", new AdditiveAttention({ width: d, random: random(4) })],
  ["multiplicative, dot", new MultiplicativeAttention({ width: d, score: "dot", random: random(4) })],
  ["multiplicative, general", new MultiplicativeAttention({ width: d, random: random(4) })],
  [
    "multiplicative, concat",
    new MultiplicativeAttention({ width: d, score: "concat", output: true, random: random(4) }),
  ],
];

test.each(crosses)("%s: what is made of the memory is made once, and serves each token", async (_, attention) => {
  await attention.to(on);
  const whole = await attention.forward(x, memory).read();
  using cache = new KeptMemory();
  const rows: number[][] = [[], []];
  for (let i = 0; i < t; i++) {
    const y = await attention.forward(slice(x, 1, i, 1), memory, { cache }).read();
    [0, 1].forEach((row) => rows[row]!.push(...y.slice(row * d, (row + 1) * d)));
  }
  expectNumbers(rows.flat(), whole, 1e-12);
  // A kept memory is not looked at again: another one of its length changes nothing.
  const other = await attention.forward(x, mul(memory, 2), { cache }).read();
  expectNumbers(other, whole, 1e-12);
  cache.select([1, 1, 0]);
  const beams = await attention.forward(chosen(x, [1, 1, 0]), memory, { cache }).read();
  const half = whole.length / 2;
  expectNumbers(beams, [...whole.slice(half), ...whole.slice(half), ...whole.slice(0, half)], 1e-12);
});

const nameOf = (attention: Module<never, unknown>): string => attention.constructor.name;
test.each(crosses)("%s: what does not fit is refused", async (_, attention) => {
  await attention.to(on);
  const name = nameOf(attention);
  expect(() => attention.forward(slice(x, 2, 0, 5), memory)).toThrow(`${name}: x must be [b, t, 8], got [2, 7, 5]`);
  expect(() => attention.forward(x, slice(memory, 2, 0, 5))).toThrow(
    `${name}: memory must be [b, s, 8], got [2, 4, 5]`,
  );
  expect(() => attention.forward(x, slice(memory, 0, 0, 1))).toThrow(
    `${name}: x [2, 7, 8] has 2 sequences, the memory 1; give each sequence a memory of its own`,
  );
  using cache = new KeptMemory();
  attention.forward(x, memory, { cache });
  expect(() => attention.forward(x, slice(memory, 1, 0, 3), { cache })).toThrow(
    `${name}: the cache keeps a memory of 4 positions, got one of 3; reset() it, or make another, for another memory`,
  );
  expect(() => attention.forward(slice(x, 0, 0, 1), memory, { cache })).toThrow(
    "has 1 sequences, the memory 2; give each sequence a memory of its own, and select() the cache's rows with those of x",
  );
});
