import { autodiff, cpu, tensor, type Backend, type Shape, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/caches.ts";
import { FixedCache } from "./fixed-cache.ts";

const ramp = (shape: Shape, on: Backend, from = 0): Tensor =>
  tensor(
    Float64Array.from({ length: shape.reduce((a, c) => a * c, 1) }, (_, i) => from + i),
    shape,
    on,
  );

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

test("selects rows of the batch, and copies nothing where they stay as they are", async () => {
  const on = cpu();
  using cache = new FixedCache(3);
  using two = ramp([2, 1, 2, 2], on);
  const { keys } = cache.append(two, two);
  cache.select([0, 1]);
  expect(keys.alive).toBe(true);
  cache.select([1, 0, 1]);
  expect([keys.alive, on.memory().tensors]).toEqual([false, 2]);
  using one = ramp([3, 1, 1, 2], on, 100);
  expect(await cache.append(one, one).values.read()).toEqual(
    Float32Array.of(4, 5, 6, 7, 100, 101, 0, 1, 2, 3, 102, 103, 4, 5, 6, 7, 104, 105),
  );
});

test("a full cache says so, and stays as it was", () => {
  const on = cpu();
  using cache = new FixedCache(3);
  const two = ramp([1, 1, 2, 2], on);
  cache.append(two, two);
  expect(refusal(() => cache.append(two, two))).toBe(
    "ShapeError: FixedCache: 2 of 3 positions are filled, and 2 more do not fit. Make the cache with a larger capacity, reset() it, or shorten the text.",
  );
  expect(cache.length).toBe(2);
  expect(refusal(() => new FixedCache(0))).toBe(
    "ConfigError: FixedCache: capacity must be a whole number from 1 up, got 0",
  );
});

test("another dtype is refused", () => {
  const on = cpu();
  using cache = new FixedCache(3);
  const [single, half] = [ramp([1, 1, 1, 2], on), tensor([1, 2], [1, 1, 1, 2], on, "f16")];
  cache.append(single, single);
  expect(refusal(() => cache.append(half, half))).toBe(
    "DTypeError: FixedCache: it holds f32, got f16; cast() them, or make another cache",
  );
});

test("a first append that is refused leaves nothing behind", () => {
  const on = cpu();
  const x = ramp([1, 1, 2, 3], on);
  using cache = new FixedCache(4);
  const tape = autodiff(on);
  {
    using tracked = tape.watch(x);
    expect(refusal(() => cache.append(tracked, tracked))).toMatch("a cache is for inference");
  }
  tape.close();
  expect([cache.length, on.memory().tensors]).toEqual([0, 1]);
  expect(cache.append(x, x).length).toBe(2);
});
