import { valueAndGrad } from "@tenon/nn";
import {
  cpu,
  findLeaks,
  mean,
  ones,
  random,
  Scope,
  scoped,
  tensor,
  zeros,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";

import { kinds, refusal } from "../../test/caches.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";

// What must hold of every cache of keys and values, besides what cached-equals-uncached.test.ts tests.

const width = 16;
const upTo = (shape: Shape, from: number): number[] =>
  Array.from({ length: shape.reduce((a, c) => a * c, 1) }, (_, i) => from + i);

for (const { name, make, masks, within } of kinds) {
  test(`${name}: keeps batch, heads, dtypes and both widths of the first keys and values`, () => {
    const on = cpu();
    using cache = make();
    using scope = new Scope();
    for (const t of [2, 1, 40, 3]) {
      const { keys, values, length, first } = scope.run(() =>
        cache.append(ones([3, 2, t, 4], on, "bf16"), ones([3, 2, t, 6], on, "f16")),
      );
      expect([first + length, length >= t]).toEqual([cache.length, true]);
      expect([keys.dtype, values.dtype]).toEqual(["bf16", "f16"]);
      expect([keys.shape.with(2, 0), values.shape.with(2, 0)]).toEqual([
        [3, 2, 0, 4],
        [3, 2, 0, 6],
      ]);
      expect([keys.shape[2]! >= length, values.shape[2]]).toEqual([true, keys.shape[2]]);
    }
  });

  test(`${name}: keeps one tensor that is both keys and values once`, async () => {
    const on = cpu();
    const kept = (both: boolean): number => {
      const cache = make();
      scoped(() => {
        for (const t of [3, 1, 30, 1]) {
          const keys = ones([1, 2, t, 64], on);
          const values = both ? keys : ones([1, 2, t, 64], on);
          const cached = cache.append(keys, values);
          expect(cached.keys === cached.values).toBe(both);
        }
      });
      const { bytes } = on.memory();
      cache[Symbol.dispose]();
      expect(on.memory().tensors).toBe(0);
      return bytes;
    };
    expect(kept(true)).toBe(kept(false) / 2);
    using cache = make();
    using scope = new Scope();
    scope.run(() => {
      const x = ones([1, 1, 2, 2], on);
      cache.append(x, x);
      expect(refusal(() => cache.append(x, ones([1, 1, 2, 2], on)))).toMatch(
        /ShapeError: .*Cache: it keeps one tensor that is both keys and values, got two. Each layer needs a cache of its own.$/,
      );
      cache.reset();
      expect(cache.append(x, x).length).toBe(2);
    });
  });

  test(`${name}: a fork takes memory only when one of the two goes on, and neither sees what the other does`, async () => {
    const on = cpu();
    using scope = new Scope();
    const numbers = (from: number, shape: Shape): Tensor => tensor(upTo(shape, from), shape, on);
    const before = on.memory().tensors;
    const cache = make();
    const read = async (tensor: Tensor, length: number): Promise<number[]> =>
      [...(await tensor.read())].slice(0, length).map(Math.round);
    scope.run(() => cache.append(numbers(1, [1, 1, 2, 1]), numbers(11, [1, 1, 2, 1])));
    const { bytes } = on.memory();
    const other = cache.fork();
    expect(on.memory().bytes).toBe(bytes);
    const mine = scope.run(() => cache.append(numbers(3, [1, 1, 1, 1]), numbers(13, [1, 1, 1, 1])));
    const its = scope.run(() => other.append(numbers(5, [1, 1, 1, 1]), numbers(15, [1, 1, 1, 1])));
    expect(await read(mine.keys, 3)).toEqual([1, 2, 3]);
    expect(await read(its.values, 3)).toEqual([11, 12, 15]);
    cache[Symbol.dispose]();
    expect(cache.length).toBe(0);
    expect(other.length).toBe(3);
    const next = scope.run(() => other.append(numbers(6, [1, 1, 1, 1]), numbers(16, [1, 1, 1, 1])));
    expect(await read(next.keys, 4)).toEqual([1, 2, 5, 6]);
    other[Symbol.dispose]();
    other[Symbol.dispose]();
    scope[Symbol.dispose]();
    expect(on.memory().tensors).toBe(before);
  });

  test(`${name}: leaks nothing`, async () => {
    const on = cpu();
    const attention = await new MultiHeadAttention({ width, heads: 4, random: random(1) }).to(on);
    const { leaks } = await findLeaks(() => {
      using cache = make();
      scoped(() => {
        for (const t of [3, 1, 20, 1]) attention.forward(zeros([2, t, width], on), { mask: masks[0], cache });
        cache.select([1, 1, 0]);
        using other = cache.fork();
        attention.forward(zeros([3, 2, width], on), { mask: masks[0], cache: other });
        attention.forward(zeros([3, 4, width], on), { mask: masks[0], cache });
      });
    });
    expect(leaks).toEqual([]);
  });

  test(`${name}: refuses what does not fit, and stays as it was`, () => {
    const on = cpu();
    using scope = new Scope();
    scope.run(() => {
      using cache = make();
      const x = (...shape: number[]): Tensor => ones(shape, on);
      const append = (keys: Tensor, values: Tensor): string => refusal(() => cache.append(keys, values));
      expect(append(x(1, 2), x(1, 2))).toMatch(
        /ShapeError: .*Cache: keys and values must be \[b, h, t, k\], got \[1, 2\]$/,
      );
      expect(append(x(1, 1, 2, 4), x(1, 1, 3, 4))).toMatch(
        /ShapeError: .*Cache: keys \[1, 1, 2, .\] and values \[1, 1, 3, .\] must agree in all but their widths$/,
      );
      cache.append(x(1, 2, 2, 4), x(1, 2, 2, 4));
      for (const keys of [x(2, 2, 1, 4), x(1, 1, 1, 4)]) {
        expect(append(keys, keys.shape[0] === 2 ? x(2, 2, 1, 4) : x(1, 1, 1, 4))).toMatch(
          /ShapeError: .*Cache: it holds \[1, 2, t, 4\], got .*\. Each batch and each layer needs a cache of its own\.$/,
        );
      }
      expect(append(x(1, 2, 1, 4), x(1, 2, 1, 5))).toMatch(/it holds \[1, 2, t, 4\], got \[1, 2, 1, 5\]/);
      const elsewhere = ones([1, 2, 1, 4], cpu());
      expect(append(elsewhere, x(1, 2, 1, 4))).toMatch(/BackendError: .*lives? on/);
      expect(refusal(() => cache.crop(3))).toMatch(
        /ConfigError: .*Cache: it holds 2 positions and cannot be cropped to 3$/,
      );
      expect(refusal(() => cache.crop(0.5))).toMatch(/cannot be cropped to 0.5$/);
      expect(refusal(() => cache.select([0, 1]))).toMatch(/ConfigError: .*Cache: rows must be some of 0 to 0, got 1$/);
      expect(refusal(() => cache.select([]))).toMatch(/ConfigError: .*Cache: rows must be some of 0 to 0, got none$/);
      expect(cache.append(x(1, 2, 1, 4), x(1, 2, 1, 4)).length).toBe(3);
    });
  });

  test(`${name}: is refused where gradients are taken, and stays as it was`, async () => {
    const on = cpu();
    const attention = await new MultiHeadAttention({ width, heads: 4, random: random(1) }).to(on);
    using scope = new Scope();
    const x = scope.run(() => ones([1, 3, width], on));
    const { tensors } = on.memory();
    using cache = make();
    const train = (): string => refusal(() => valueAndGrad(attention, () => mean(attention.forward(x, { cache }))));
    expect(train()).toMatch(
      /GradientError: .*Cache: a cache is for inference, since what is cached has no gradient; leave it out within valueAndGrad\(\)$/,
    );
    expect([cache.length, on.memory().tensors]).toEqual([0, tensors]);
    scoped(() => void attention.forward(x, { cache }));
    const filled = on.memory().tensors;
    expect(train()).toMatch(
      /BackendError: .*Cache: it lives on "cpu", got keys or values on "autodiff\(cpu\)"\. Make a cache for each backend; within valueAndGrad\(\) leave it out, since what is cached has no gradient\.$/,
    );
    expect([cache.length, on.memory().tensors]).toEqual([3, filled]);
    using y = attention.forward(x, { cache, mask: masks[0] });
    using whole = attention.forward(
      scope.run(() => ones([1, 6, width], on)),
      { mask: masks[0] },
    );
    const expected = (await whole.read()).subarray(3 * width);
    (await y.read()).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(Math.max(within, 1e-5)));
  });
}
