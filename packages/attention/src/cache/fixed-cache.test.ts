import { RotaryPosition } from "@tenon/positional";
import {
  autodiff,
  cpu,
  isTenonError,
  random,
  slice,
  tensor,
  type Backend,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";

import { all } from "../mask/all.ts";
import { causal } from "../mask/causal.ts";
import { window } from "../mask/window.ts";
import { MultiHeadAttention } from "../multi-head-attention.ts";
import { FixedCache } from "./fixed-cache.ts";

const ramp = (shape: Shape, on: Backend, from = 0): Tensor =>
  tensor(
    Float64Array.from({ length: shape.reduce((a, c) => a * c, 1) }, (_, i) => from + i),
    shape,
    on,
  );

test.each([
  ["token by token", [1, 1, 1, 1, 1, 1, 1]],
  ["in chunks", [3, 1, 3]],
  ["all at once", [7]],
])("cached equals uncached: %s", async (_, chunks) => {
  const on = cpu({ precision: "f64" });
  const position = new RotaryPosition({ width: 4 });
  const attention = await new MultiHeadAttention({
    width: 16,
    heads: 4,
    keyValueHeads: 2,
    position,
    random: random(1),
  }).to(on);
  const values = Float64Array.from({ length: 2 * 7 * 16 }, (_, i) => Math.sin(i * i));
  const x = tensor(values, [2, 7, 16], on);
  for (const mask of [causal(), all(causal(), window(3))]) {
    const whole = attention.forward(x, { mask });
    using cache = new FixedCache(9);
    for (const length of chunks) {
      const start = cache.length;
      const piece = attention.forward(slice(x, 1, start, length), { mask, cache });
      const expected = await slice(whole, 1, start, length).read();
      (await piece.read()).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12));
    }
    expect(cache.length).toBe(7);
  }
});

test("is filled in place, keeps its room when reset, and gives it back when disposed", async () => {
  const on = cpu();
  const cache = new FixedCache(3);
  using two = ramp([1, 1, 2, 2], on);
  using one = ramp([1, 1, 1, 2], on, 100);
  const first = cache.append(two, two);
  const { bytes } = on.memory();
  const { keys, length } = cache.append(one, one);
  expect(on.memory().bytes).toBe(bytes);
  expect(first.length).toBe(2);
  expect(length).toBe(3);
  expect(await keys.read()).toEqual(Float32Array.of(0, 1, 2, 3, 100, 101));
  cache.reset();
  expect([cache.length, cache.capacity]).toEqual([0, 3]);
  expect(await cache.append(one, one).keys.read()).toEqual(Float32Array.of(100, 101, 2, 3, 100, 101));
  cache[Symbol.dispose]();
  expect(cache.length).toBe(0);
  expect(on.memory().tensors).toBe(2);
});

const errorOf = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (isTenonError(error, "ShapeError")) return error.message;
  }
  return "no ShapeError";
};

test("a full cache says so, and stays as it was", () => {
  const on = cpu();
  const cache = new FixedCache(3);
  const two = ramp([1, 1, 2, 2], on);
  cache.append(two, two);
  expect(errorOf(() => cache.append(two, two))).toBe(
    "FixedCache: 2 of 3 positions are filled, and 2 more do not fit. Make the cache with a larger capacity, reset() it, or shorten the text.",
  );
  expect(cache.length).toBe(2);
});

test("another batch or rank is refused", () => {
  const on = cpu();
  const cache = new FixedCache(3);
  const one = ramp([1, 1, 1, 2], on);
  cache.append(one, one);
  const batch = ramp([2, 1, 1, 2], on);
  expect(errorOf(() => cache.append(batch, batch))).toBe(
    "FixedCache: it holds [1, 1, t, 2], got [2, 1, 1, 2]. Each batch and each layer needs a cache of its own.",
  );
  const flat = ramp([1, 2], on);
  expect(errorOf(() => new FixedCache(3).append(flat, flat))).toBe(
    "FixedCache: keys and values must be [b, h, t, k], got [1, 2]",
  );
  expect(() => new FixedCache(0)).toThrow("FixedCache: capacity must be a whole number from 1 up, got 0");
});

test("a first append that is refused leaves nothing behind", () => {
  const on = cpu();
  const x = ramp([1, 1, 2, 3], on);
  using cache = new FixedCache(4);
  const tape = autodiff(on);
  {
    using tracked = tape.watch(x);
    expect(() => cache.append(tracked, tracked)).toThrow("outside the differentiated function");
  }
  tape.close();
  expect([cache.length, on.memory().tensors]).toEqual([0, 1]);
  expect(cache.append(x, x).length).toBe(2);
});
