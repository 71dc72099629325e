import { ones, Parameter } from "@tenon/nn";
import { cpu, isTenonError, scoped, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { clipByGlobalNorm, globalNorm } from "./clip.ts";

const on = cpu();
const a = new Parameter([2, 1], ones);
const b = new Parameter([1], ones);

test("scales to the limit and keeps the direction", async () => {
  const { gradients, norm } = clipByGlobalNorm(
    new Map([
      [a, tensor([2, -3], [2, 1], on)],
      [b, tensor([6], [1], on)],
    ]),
    3.5,
  );
  expect(await norm.read()).toEqual(Float32Array.of(7));
  expect(await gradients.get(a)!.read()).toEqual(Float32Array.of(1, -1.5));
  expect(await gradients.get(b)!.read()).toEqual(Float32Array.of(3));
  expect(gradients.get(a)!.shape).toEqual([2, 1]);
});

test("leaves every bit of gradients within the limit", async () => {
  const values = [0.1, 1 / 3];
  const { gradients, norm } = clipByGlobalNorm(new Map([[a, tensor(values, [2, 1], on)]]), 0.7);
  expect((await norm.read())[0]).toBeLessThan(0.7);
  expect(await gradients.get(a)!.read()).toEqual(Float32Array.from(values));
});

test("gradients of zero stay zero", async () => {
  const { gradients, norm } = clipByGlobalNorm(new Map([[b, tensor([0], [1], on)]]), 1);
  expect(await norm.read()).toEqual(Float32Array.of(0));
  expect(await gradients.get(b)!.read()).toEqual(Float32Array.of(0));
});

test("a norm that is not finite shows", async () => {
  const normOf = async (values: readonly number[]): Promise<number> =>
    (await globalNorm(new Map([[a, tensor(values, [2, 1], on)]])).read())[0]!;
  expect(await normOf([NaN, 1])).toBe(NaN);
  expect(await normOf([Infinity, 1])).toBe(Infinity);
  expect(await normOf([1e30, 1])).toBe(Infinity);
});

test("frees what it made but its results, and keeps its arguments", () => {
  const own = cpu();
  const gradient = tensor([3, 4], [2, 1], own);
  scoped(() => {
    clipByGlobalNorm(new Map([[a, gradient]]), 1);
    expect(own.memory().tensors).toBe(3);
  });
  expect(own.memory().tensors).toBe(1);
  expect(gradient.alive).toBe(true);
});

test("refuses a limit that is none, and no gradients", () => {
  const kindOf = (body: () => unknown): string | undefined => {
    try {
      body();
    } catch (error) {
      return isTenonError(error) ? error.message : undefined;
    }
    return undefined;
  };
  const gradients = new Map([[b, tensor([1], [1], on)]]);
  for (const limit of [0, -1, NaN, Infinity]) {
    expect(kindOf(() => clipByGlobalNorm(gradients, limit))).toBe(
      `clipByGlobalNorm: limit must be a finite number above 0, got ${limit}`,
    );
  }
  expect(kindOf(() => clipByGlobalNorm(new Map(), 1))).toBe("the norm of no gradients at all was asked for");
});
