import { cpu, ones, random, Scope, scoped, tensor, type DType, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/caches.ts";
import { FixedCache } from "./fixed-cache.ts";
import { GrowingCache } from "./growing-cache.ts";
import { QuantizedCache } from "./quantized-cache.ts";

const on = cpu();
const width = 64;

/** What comes back for some numbers, as keys and as values of two heads. */
async function kept(numbers: ArrayLike<number>, dtype: DType = "f32"): Promise<{ keys: number[]; values: number[] }> {
  using cache = new QuantizedCache(new GrowingCache(4));
  using scope = new Scope();
  const t = numbers.length / 2 / width;
  const x = (): Tensor => tensor(numbers, [1, 2, t, width], on, dtype);
  const { keys, values } = scope.run(() => cache.append(x(), x()));
  const rows = async (x: Tensor): Promise<number[]> => {
    const all = [...(await x.read())];
    const size = x.shape[2]! * width;
    return [0, 1].flatMap((head) => all.slice(head * size, head * size + t * width));
  };
  return { keys: await rows(keys), values: await rows(values) };
}

test("is off by at most the largest |x| of the head and position / 254", async () => {
  const dice = random(1);
  const numbers = Float32Array.from(
    { length: 2 * 5 * width },
    (_, i) => dice.normal() * 10 ** (Math.floor(i / width) - 5),
  );
  const { keys, values } = await kept(numbers);
  expect(values).toEqual(keys);
  for (let i = 0; i < numbers.length; i += width) {
    const row = numbers.subarray(i, i + width);
    const most = Math.max(...row.map(Math.abs));
    const errors = Array.from(row, (x, j) => Math.abs(x - keys[i + j]!));
    expect(Math.max(...errors)).toBeLessThanOrEqual((most / 254) * (1 + 1e-5));
    expect(Math.max(...errors)).toBeGreaterThan(most / 600); // it does keep 8 bits
  }
});

test("64 normal numbers are off by 0.6 % of their deviation", async () => {
  const dice = random(2);
  const numbers = Float32Array.from({ length: 2 * 400 * width }, () => dice.normal());
  const { keys } = await kept(numbers);
  const squares = keys.reduce((sum, key, i) => sum + (key - numbers[i]!) ** 2, 0);
  expect(Math.round(1e4 * Math.sqrt(squares / keys.length))).toBe(59);
});

test("zeros and numbers too small for a scale come back as zeros, and what is no number as none", async () => {
  expect((await kept(new Float32Array(2 * width))).keys.every((x) => x === 0)).toBe(true);
  expect((await kept(new Float32Array(2 * width).fill(1e-35))).keys.every((x) => x === 0)).toBe(true);
  for (const wrong of [NaN, Infinity]) {
    const { keys } = await kept(Float32Array.from({ length: 2 * width }, (_, i) => (i === 3 ? wrong : 1)));
    expect(Number.isNaN(keys[0])).toBe(true);
    expect(keys[width]).toBe(1); // of another head
  }
});

test.each(["f16", "bf16"] as const)("%s comes back as %s", async (dtype) => {
  const dice = random(3);
  const numbers = Float32Array.from({ length: 2 * width }, () => dice.normal());
  const { keys } = await kept(numbers, dtype);
  keys.forEach((key, i) => expect(Math.abs(key - numbers[i]!)).toBeLessThan(dtype === "f16" ? 0.015 : 0.03));
});

test("takes k + 4 bytes a head and position, and no more of the room than the next power of two is read", () => {
  const on = cpu();
  const x = ones([1, 2, 1, width], on);
  const plain = new FixedCache(100);
  plain.append(x, ones([1, 2, 1, width], on));
  const before = on.memory().bytes;
  plain[Symbol.dispose]();
  const after = on.memory().bytes;
  using cache = new QuantizedCache(new FixedCache(100));
  const covered = Array.from({ length: 100 }, () =>
    scoped(() => cache.append(x, ones([1, 2, 1, width], on)).keys.shape[2]!),
  );
  expect(on.memory().bytes - after).toBe(2 * 2 * 100 * (width + 4));
  expect((on.memory().bytes - after) / (before - after)).toBeCloseTo(0.266, 3);
  expect([...new Set(covered)]).toEqual([1, 2, 4, 8, 16, 32, 64, 100]);
});

test("refuses a cache that holds something, and whole numbers", () => {
  using scope = new Scope();
  scope.run(() => {
    using filled = new FixedCache(4);
    filled.append(ones([1, 1, 2, 2], on), ones([1, 1, 2, 2], on));
    expect(refusal(() => new QuantizedCache(filled))).toBe(
      "ConfigError: QuantizedCache: the cache whose room it takes over holds 2 positions already; give it a new one",
    );
    using cache = new QuantizedCache(new FixedCache(4));
    const whole = ones([1, 1, 2, 2], on, "i32");
    expect(refusal(() => cache.append(whole, whole))).toBe(
      "DTypeError: QuantizedCache: keys and values must be f32, f16 or bf16, got i32",
    );
    expect(refusal(() => cache.append(ones([1, 1, 5, 2], on), ones([1, 1, 5, 2], on)))).toMatch(
      "ShapeError: FixedCache: 0 of 4 positions are filled, and 5 more do not fit",
    );
    expect([cache.length, cache.capacity]).toEqual([0, 4]);
  });
});
