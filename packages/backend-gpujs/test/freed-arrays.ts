import {
  add,
  BackendError,
  concat,
  cumulativeSum,
  gather,
  kernelBackend,
  layerNorm,
  linear,
  matmul,
  permute,
  rmsNorm,
  scatterAdd,
  scoped,
  slice,
  softmax,
  sum,
  tensor,
  topK,
  type Backend,
  type Tensor,
} from "@tenon/tensor";
import { describe, expect, test, vi } from "vitest";

import type { GpujsBackend } from "../src/gpujs.ts";
import { kernelTable } from "../src/kernels/index.ts";
import { gpujsStorage } from "../src/storage.ts";
import { numbers } from "./numbers.ts";
import { open, opened, openEngine, settle, type Place } from "./place.ts";

/** Ops of every kind, those of several kernels among them, one of whose results is given. */
export function work(on: Backend): Tensor {
  return scoped(() => {
    const x = tensor(numbers(4 * 600), [4, 600], on);
    const weight = tensor(numbers(600), [600], on);
    const ids = tensor([3, 0, 3], [3], on, "i32");
    const normed = layerNorm(softmax(x), weight, weight);
    const [values, places] = topK(rmsNorm(normed, weight), 3);
    const rows = scatterAdd(ids, gather(x, ids), 4);
    const square = linear(cumulativeSum(rows), x);
    const turned = permute(matmul(square, square, { transposeB: true }), [1, 0]);
    const parts = Array.from({ length: 9 }, (_, i) => slice(turned, 1, i % 4, 1));
    void places;
    return add(sum(concat(parts, 1), -1), sum(values, -1));
  });
}

/** What ops leave behind, and errors, and reads. */
export function testFreedArrays(place: Place): void {
  describe("what is freed", () => {
    const on = opened(place);
    test("everything that was made in a scope, kernels of several steps included", async () => {
      const before = on().arrays;
      for (let i = 0; i < 5; i++) {
        const y = work(on());
        await settle(on());
        expect(on().arrays).toBe(before + 1);
        await y.read();
        expect(on().arrays).toBe(before + 1);
        y[Symbol.dispose]();
        expect(on().arrays).toBe(before);
      }
      expect(on().memory()).toEqual({ tensors: 0, bytes: 0 });
    });
    test("what came before an error in a scope", async () => {
      const before = on().arrays;
      expect(() =>
        scoped(() => {
          const x = softmax(tensor(numbers(600), [600], on()));
          tensor([2 ** 24], [1], on(), "i32");
          return x;
        }),
      ).toThrow("is beyond");
      await settle(on());
      expect(on().arrays).toBe(before);
    });
    test("what the kernels of an op have made before one of them fails", async () => {
      const { engine, device } = await openEngine(place);
      const own = kernelBackend({ name: "own", storage: gpujsStorage(engine), kernels: kernelTable(engine) });
      const refused = new Set<string>();
      let fails = true;
      vi.spyOn(device, "expectRoom").mockImplementation((elements, what) => {
        const kernel = `${what} ${elements}`;
        if (!fails || refused.has(kernel) || !what.startsWith("the result of")) return;
        fails = false;
        refused.add(kernel);
        throw new BackendError("no room");
      });
      // Each kernel is refused once: then it is built, and the next one is refused.
      for (fails = false; !fails;) {
        fails = true;
        let y: Tensor | undefined;
        try {
          y = work(own);
          await y.read();
        } catch (error) {
          expect(String(error)).toContain("no room");
        }
        y?.[Symbol.dispose]();
        await settle(own);
        expect(engine.arrays, `arrays after failure ${refused.size}`).toBe(0);
      }
      expect(refused.size).toBeGreaterThan(15);
      engine.close();
      vi.restoreAllMocks();
    });
    test("a tensor that is freed while it is read is read all the same", async () => {
      const before = on().arrays;
      using given = tensor([1, 2], [2], on());
      const x = add(given, 1);
      const data = x.read();
      x[Symbol.dispose]();
      expect([...(await data)]).toEqual([2, 3]);
      expect(on().arrays).toBe(before + 1);
    });
    test("nothing works once it is closed, and closing twice is harmless", async () => {
      const closed = await open(place);
      const x = tensor([1, 2], [2], closed);
      const y = add(x, x);
      await y.read();
      closed.close();
      closed.close();
      const { name } = closed;
      await expect(y.read()).rejects.toThrow(`${name}: it was closed`);
      expect(() => tensor([1], [1], closed)).toThrow(`${name}: it was closed`);
      await expect((async () => add(x, 1).read())()).rejects.toThrow(`${name}: it was closed`);
      x[Symbol.dispose]();
      y[Symbol.dispose]();
      expect(closed.arrays).toBe(0);
    });
  });
}

/** Runs the same work until nothing new is compiled, and then expects it to leave nothing: `count` says how many there are. */
export async function expectFlat(on: GpujsBackend, count: () => number): Promise<void> {
  const once = async (): Promise<void> => {
    const y = work(on);
    await y.read();
    y[Symbol.dispose]();
  };
  await once();
  await once();
  const [before, compiled] = [count(), on.compiled];
  for (let i = 0; i < 10; i++) await once();
  expect(on.compiled).toBe(compiled);
  expect(count()).toBe(before);
}
