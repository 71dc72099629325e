import { Module, normal, Parameter, valueAndGrad } from "@tenon/nn";
import { Extent, positionsAfterPadding, RotaryPosition } from "@tenon/positional";
import { concat, cpu, mul, random, relu, scoped, slice, sum, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { refusal } from "../test/caches.ts";
import { FixedCache } from "./cache/fixed-cache.ts";
import { LinearAttentionCache } from "./cache/linear-attention-cache.ts";
import { LinearAttention, type LinearAttentionOptions } from "./linear-attention.ts";
import { all } from "./mask/all.ts";
import { causal } from "./mask/causal.ts";
import { documents } from "./mask/documents.ts";
import { leftPadding } from "./mask/left-padding.ts";
import { local } from "./mask/local.ts";
import type { Mask } from "./mask/mask.ts";
import { padding } from "./mask/padding.ts";
import { predicate } from "./mask/predicate.ts";
import { window } from "./mask/window.ts";
import { causalProducts } from "./steps/kernel-products.ts";

const [b, t, d] = [2, 6, 8];
const on = cpu({ precision: "f64" });
const x = place(floats([b, t, d], random(1)), on);
const made = (options: Partial<LinearAttentionOptions> = {}): Promise<LinearAttention> =>
  new LinearAttention({ width: d, heads: 2, causal: true, random: random(2), ...options }).to(on);

/** The paper's equation 9, with each pair of positions by itself, in plain loops. */
async function reference(attention: LinearAttention, sees: (query: number, key: number) => boolean): Promise<number[]> {
  const k = d / attention.heads;
  const host = async (name: "query" | "key" | "value"): Promise<number[][]> => {
    const y = await attention[name].forward(x).read();
    return Array.from({ length: b * t }, (_, row) => [...y.slice(row * d, (row + 1) * d)]);
  };
  const feature = (z: number): number => (z > 0 ? z + 1 : Math.exp(z));
  const [query, key, value] = [await host("query"), await host("key"), await host("value")];
  const joined: number[] = [];
  for (let batch = 0; batch < b; batch++) {
    for (let i = 0; i < t; i++) {
      for (let column = 0; column < d; column++) {
        const head = Math.floor(column / k);
        let [above, below] = [0, 0];
        for (let j = 0; j < t; j++) {
          if (!sees(i, j)) continue;
          let weight = 0;
          for (let n = head * k; n < (head + 1) * k; n++) {
            weight += feature(query[batch * t + i]![n]!) * feature(key[batch * t + j]![n]!);
          }
          above += weight * value[batch * t + j]![column]!;
          below += weight;
        }
        joined.push(below === 0 ? 0 : above / below);
      }
    }
  }
  return [...(await attention.output.forward(tensor(joined, [b, t, d], on)).read())];
}

test("gives the paper's weighted mean, over all positions, over those before, and over those that are no padding", async () => {
  const forward = await made();
  expectNumbers(await forward.forward(x).read(), await reference(forward, (i, j) => j <= i), 1e-12);
  expectNumbers(await forward.forward(x, { mask: causal() }).read(), await forward.forward(x).read(), 0);
  const both = await made({ causal: false });
  expectNumbers(await both.forward(x).read(), await reference(both, () => true), 1e-12);
  const mask = padding(tensor([4, 4], [2], on, "i32"));
  expectNumbers(await both.forward(x, { mask }).read(), await reference(both, (_, j) => j < 4), 1e-12);
  expectNumbers(await forward.forward(x, { mask }).read(), await reference(forward, (i, j) => j <= i && j < 4), 1e-12);
});

test("with a cache, lengths count from the beginning of the text", async () => {
  const attention = await made();
  const mask = padding(tensor([6, 5], [2], on, "i32"));
  using cache = attention.newCache();
  attention.forward(slice(x, 1, 0, 4), { mask, cache });
  const rest = await attention.forward(slice(x, 1, 4, 2), { mask, cache }).read();
  const whole = await attention.forward(x, { mask }).read();
  expectNumbers(rest, [...whole.slice(4 * d, 6 * d), ...whole.slice(10 * d)], 1e-12);
});

/** Sequence `row` of y, its positions from `from` on. */
const rowOf = (y: Tensor, row: number, from = 0): Tensor => slice(slice(y, 0, row, 1), 1, from, y.shape[1]! - from);

test.each([undefined, new RotaryPosition({ width: 4 })])(
  "padded in front, a sequence is what it is alone, at once, in pieces and token by token",
  async (position) => {
    for (const isCausal of [true, false]) {
      const attention = await made({ position, causal: isCausal });
      const short = rowOf(x, 1, 2);
      const alone = [rowOf(x, 0), short].map((y) => attention.forward(y));
      const mask = leftPadding(tensor([0, 2], [2], on, "i32"));
      const positions = positionsAfterPadding([0, 2], t);
      for (const pieces of isCausal ? [[6], [1, 2, 3], [1, 1, 1, 1, 1, 1]] : [[6]]) {
        using cache = isCausal ? attention.newCache() : undefined;
        const ys = pieces.map((length, i) => {
          const offset = pieces.slice(0, i).reduce((a, b) => a + b, 0);
          const told = positions.map((row) => row.slice(0, offset + length));
          const extent = new Extent({ offset, length, positions: told, backend: on });
          return attention.forward(slice(x, 1, offset, length), { mask, cache, extent });
        });
        const y = concat(ys, 1);
        expectNumbers(await rowOf(y, 0).read(), await alone[0]!.read(), 1e-12);
        expectNumbers(await rowOf(y, 1, 2).read(), await alone[1]!.read(), 1e-12);
      }
    }
  },
);

test("a sequence of padding alone gives the output's bias", async () => {
  for (const isCausal of [false, true]) {
    const attention = await made({ causal: isCausal });
    attention.output.bias!.assign(Float64Array.from({ length: d }, (_, i) => i + 1));
    const y = await attention.forward(x, { mask: padding(tensor([0, 6], [2], on, "i32")) }).read();
    expectNumbers(y.slice(0, d), await attention.output.bias!.host(), 0);
    expect(y.every(Number.isFinite)).toBe(true);
  }
});

/** causalProducts with inputs that are differentiated. */
class Products extends Module<[chunk: number], Tensor> {
  readonly q: Parameter = new Parameter([b, 2, t, 3], normal(random(1), 1));
  readonly k: Parameter = new Parameter([b, 2, t, 3], normal(random(2), 1));
  readonly v: Parameter = new Parameter([b, 2, t, 4], normal(random(3), 1));
  readonly before: Parameter = new Parameter([b, 2, 3, 4], normal(random(4), 1));
  protected override compute(chunk: number): Tensor {
    const { y, after } = causalProducts(this.q.value, this.k.value, this.v.value, this.before.value, chunk);
    const weights = place(floats([b, 2, t, 4], random(5)), on);
    return mul(sum(mul(y, weights)), sum(mul(after, after)));
  }
}

test("the length of a chunk changes neither the result nor a gradient", async () => {
  const model = await new Products().to(on);
  const outcome = async (chunk: number): Promise<number[][]> => {
    const { value, gradients } = valueAndGrad(model, () => model.forward(chunk));
    return Promise.all([value, ...gradients.values()].map(async (y) => [...(await y.read())]));
  };
  const whole = await outcome(t);
  for (const chunk of [1, 2, 4, 5, 64]) {
    (await outcome(chunk)).forEach((numbers, i) => expectNumbers(numbers, whole[i]!, 1e-11));
  }
  expect(whole).toHaveLength(5);
});

test("memory grows with the length alone, not with its square", () => {
  const on = cpu();
  const bytes = (length: number): number =>
    scoped(() => {
      const q = zeros([1, 1, length, 4], on);
      causalProducts(q, q, q, undefined);
      return on.memory().bytes; // of every step, as a tape would keep them
    });
  expect(bytes(2048) / bytes(512)).toBeLessThan(4.2);
});

test("with rotary positions only distances count, and the weights still come from positive sums", async () => {
  const attention = await made({ position: new RotaryPosition({ width: 4 }) });
  const near = await attention.forward(x).read();
  const far = await attention.forward(x, { extent: new Extent({ offset: 300, length: t, backend: on }) }).read();
  expectNumbers(far, near, 1e-9);
  const without = await (await made()).forward(x).read();
  expect(Math.max(...without.map((y, i) => Math.abs(y - near[i]!)))).toBeGreaterThan(1e-3);
});

test("another feature map takes the place of the paper's", async () => {
  const [usual, other] = [await made(), await made({ features: (z) => relu(z) })];
  const [expected, actual] = [await usual.forward(x).read(), await other.forward(x).read()];
  expect(actual.some((y, i) => Math.abs(y - expected[i]!) > 1e-3)).toBe(true);
});

test("the cache keeps two sums, whatever the length, and is cropped to nothing or not at all", async () => {
  const attention = await made();
  using cache = attention.newCache();
  expect(cache.capacity).toBe(Infinity);
  attention.forward(slice(x, 1, 0, 4), { cache });
  const { tensors, bytes } = on.memory();
  attention.forward(slice(x, 1, 4, 2), { cache })[Symbol.dispose]();
  expect(on.memory().bytes).toBeLessThanOrEqual(bytes + 8 * b * 2 * d);
  expect(tensors).toBeGreaterThan(0);
  cache.crop(6);
  expect(cache.length).toBe(6);
  expect(refusal(() => cache.crop(3))).toBe(
    "ConfigError: LinearAttentionCache: it holds 6 positions as one sum, and cannot be cropped to 3; fork() it at the place to return to, or reset() it",
  );
  cache.crop(0);
  expect([cache.length, cache.before(9)]).toEqual([0, undefined]);
});

test("the cache selects rows, and refuses those that there are not", async () => {
  const attention = await made();
  using cache = new LinearAttentionCache();
  cache.select([5]); // nothing to select from
  attention.forward(slice(x, 1, 0, 5), { cache });
  const plain = await attention.forward(x).read();
  cache.select([1, 0, 1]);
  expect(refusal(() => cache.select([3]))).toBe(
    "ConfigError: LinearAttentionCache: rows must be some of 0 to 2, got 3",
  );
  expect(refusal(() => cache.select([]))).toBe(
    "ConfigError: LinearAttentionCache: rows must be some of 0 to 2, got none",
  );
  expect(refusal(() => attention.forward(slice(x, 1, 5, 1), { cache }))).toBe(
    "ShapeError: LinearAttentionCache: it holds 3 sequences, got 2. Each batch and each layer needs a cache of its own.",
  );
  const last = [plain.slice((t - 1) * d, t * d), plain.slice((2 * t - 1) * d, 2 * t * d)];
  const values = await x.read();
  const row = (batch: number): number[] => [...values.slice((batch * t + 5) * d, (batch * t + 6) * d)];
  const next = tensor([...row(1), ...row(0), ...row(1)], [3, 1, d], on);
  expectNumbers(await attention.forward(next, { cache }).read(), [...last[1]!, ...last[0]!, ...last[1]!], 1e-12);
});

test("a cache is refused where gradients are taken, and stays empty", async () => {
  const attention = await made();
  using cache = attention.newCache();
  expect(refusal(() => valueAndGrad(attention, () => sum(attention.forward(x, { cache }))))).toBe(
    "GradientError: LinearAttentionCache: a cache is for inference, since what is cached has no gradient; leave it out within valueAndGrad()",
  );
  expect([cache.length, cache.before(2)]).toEqual([0, undefined]);
});

test("what needs scores is refused, naming the way out", async () => {
  const [forward, both] = [await made(), await made({ causal: false })];
  const masked = (mask: Mask, attention = forward) => refusal(() => attention.forward(x, { mask }));
  expect(masked(all(causal(), window(3)))).toBe(
    'ConfigError: LinearAttention: it forms no scores that a mask of the kind "window" could work on; take padding(lengths) or leftPadding(paddings), which it can honour, or another attention, such as MultiHeadAttention',
  );
  expect(masked(predicate((query, key) => key !== query))).toContain('a mask of the kind "dense"');
  const padded = leftPadding(tensor([0, 2], [2], on, "i32"));
  for (const ofQueries of [local(2), documents([[0, 0, 1, 1, 1, 1]])]) {
    expect(masked(all(padded, ofQueries))).toContain('a mask of the kind "interval"');
    expect(refusal(() => forward.forward(slice(x, 1, 0, 1), { mask: ofQueries }))).toContain('"interval"'); // one token, too
  }
  const three = tensor([0, 2, 3], [3], on, "i32");
  for (const mask of [leftPadding(three), padding(three), padding(tensor([6], [1], on, "i32"))]) {
    expect(masked(mask)).toMatch(
      /^ShapeError: LinearAttention: x has 2 sequences, the mask [13]; give the mask a number for each$/,
    );
  }
  expect(masked(causal(), both)).toBe(
    'ConfigError: LinearAttention: it forms no scores that a mask of the kind "causal" could work on; make the attention with causal: true',
  );
  using own = new LinearAttentionCache();
  expect(refusal(() => both.forward(x, { cache: own }))).toBe(
    "ConfigError: LinearAttention: a cache is for text that goes on, which what was before cannot see; make the attention with causal: true, or leave the cache out",
  );
  using other = new FixedCache(9);
  expect(refusal(() => forward.forward(x, { cache: other }))).toBe(
    "ConfigError: LinearAttention: the cache keeps no sums, and so belongs to another kind of attention; make one with newCache()",
  );
  const biased = await made({ position: { at: () => ({ bias: (q) => sum(q) }) } });
  expect(refusal(() => biased.forward(x))).toBe(
    "ConfigError: LinearAttention: the position scheme changes scores or the pattern, and linear attention has neither; choose one that rotates, such as RotaryPosition, or one that is added to the embeddings",
  );
  expect(refusal(() => new LinearAttention({ width: 8, heads: 3, causal: true, random: random(1) }))).toBe(
    "ConfigError: LinearAttention: heads 3 does not divide width 8; choose heads from 1, 2, 4, 8, or another width",
  );
  expect(refusal(() => forward.forward(slice(x, 2, 0, 4)))).toBe(
    "ShapeError: LinearAttention: x must be [b, t, 8], got [2, 6, 4]",
  );
});
