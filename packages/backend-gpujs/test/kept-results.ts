import { add, concat, linear, mul, slice, tensor, Variable, writeSliceOp, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import type { Block } from "../src/block.ts";
import { opened, openEngine, settle, take, type Place } from "./place.ts";

/** gpu.js writes a kernel's results over the one before, unless told otherwise. */
export function testKeptResults(place: Place): void {
  describe("results that are kept", () => {
    const on = opened(place);
    test("a kernel called a hundred times gives a hundred results", async () => {
      using x = tensor([1, 2, 3], [3], on());
      const compiled = on().compiled;
      const results = Array.from({ length: 100 }, (_, i) => add(x, i));
      for (const [i, y] of results.entries()) expect([...(await y.read())]).toEqual([1 + i, 2 + i, 3 + i]);
      expect(on().compiled).toBe(compiled + 1);
      for (const y of results) y[Symbol.dispose]();
    });
    test("a kernel fed its own result", async () => {
      using x = tensor([1, -1], [2], on());
      const chain: Tensor[] = [x];
      for (let i = 0; i < 12; i++) chain.push(add(chain.at(-1)!, chain.at(-1)!));
      for (const [i, y] of chain.entries()) expect([...(await y.read())]).toEqual([2 ** i, -(2 ** i)]);
      // Both of its own, and the other way round.
      using y = add(chain[3]!, chain[5]!);
      using z = add(y, chain[4]!);
      expect([...(await z.read())]).toEqual([56, -56]);
      for (const y of chain.slice(1)) y[Symbol.dispose]();
    });
    test("a kernel fed its own result, whose input is freed at once", async () => {
      let x = tensor([1, 2, 3, 4, 5], [5], on());
      const before = on().arrays;
      for (let i = 0; i < 50; i++) {
        const y = add(x, 1);
        x[Symbol.dispose]();
        x = y;
      }
      expect([...(await x.read())]).toEqual([51, 52, 53, 54, 55]);
      expect(on().arrays).toBe(before);
      x[Symbol.dispose]();
    });
    test("frees between the calls leave the others as they are", async () => {
      const alive = new Map<number, Tensor>();
      const before = on().arrays;
      using x = tensor([1, 10], [2], on());
      for (let i = 0; i < 60; i++) {
        alive.set(i, mul(x, i));
        const gone = (i * 7) % 60;
        if (i % 3 !== 0) {
          alive.get(gone)?.[Symbol.dispose]();
          alive.delete(gone);
        }
      }
      await settle(on());
      expect(on().arrays).toBe(before + 1 + alive.size);
      for (const [i, y] of alive) expect([...(await take(y))]).toEqual([i, 10 * i]);
      expect(on().arrays).toBe(before + 1);
    });
    test("the same for a kernel that moves elements", async () => {
      using x = tensor(
        Array.from({ length: 64 }, (_, i) => i),
        [64],
        on(),
      );
      const parts = Array.from({ length: 16 }, (_, i) => slice(x, 0, 4 * i, 4));
      const joined = concat(parts, 0);
      for (const part of parts) part[Symbol.dispose]();
      expect([...(await take(joined))]).toEqual(Array.from({ length: 64 }, (_, i) => i));
    });
    test("a product with a parameter that has changed since the one before", async () => {
      const before = on().arrays;
      const n = 32;
      const weight = new Variable({ dtype: "f32", shape: [n, n] }, () => new Float32Array(n * n).fill(1));
      await weight.place(on());
      using x = tensor(new Float32Array(9 * n).fill(1), [9, n], on());
      const product = async (): Promise<number[]> => [...new Set(await take(linear(x, weight.value)))];
      expect(await product()).toEqual([n]);
      expect(await product()).toEqual([n]);
      using row = tensor(new Float32Array(n).fill(3), [1, n], on());
      Variable.update(writeSliceOp, [weight], [row], { axis: 0, start: 2 });
      expect(await product()).toEqual([n, 3 * n]);
      weight.assign(new Float32Array(n * n).fill(2));
      expect(await product()).toEqual([2 * n]);
      weight[Symbol.dispose]();
      await settle(on());
      expect(on().arrays).toBe(before + 2);
    });
    test("the engine's own: f(f(f(x))), all kept, run without a wait between", async () => {
      const { engine } = await openEngine(place);
      let x: Block = engine.upload(Float32Array.of(0, 1, 2));
      const kept: Block[] = [];
      for (let i = 0; i < 20; i++) {
        x = await engine.run({ name: "next", out: [3], arrays: { x: [x, [3]] }, body: "return x[X] * 2 + 1;" });
        kept.push(x);
      }
      for (const [i, block] of kept.entries()) {
        const m = 2 ** (i + 1);
        expect([...(await engine.read(block, 3))]).toEqual([m - 1, 2 * m - 1, 3 * m - 1]);
      }
      expect(engine.compiled).toBe(1);
      const numbers = Array.from({ length: 20 }, (_, n) => n);
      const together = await Promise.all(
        numbers.map(async (n) => engine.run({ name: "times", out: [2], numbers: { n }, body: "return n * (X + 1);" })),
      );
      for (const n of numbers) expect([...(await engine.read(together[n]!, 2))]).toEqual([n, 2 * n]);
      engine.close();
    });
  });
}
