import {
  linear,
  linearActivation,
  matmul,
  scoped,
  softmax,
  tensor,
  type Backend,
  type TypedArray,
} from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { gpujs } from "../src/gpujs.ts";
import { numbers } from "./numbers.ts";
import { take } from "./place.ts";

/** Kernels large enough for threads, each another one. */
async function large(on: Backend): Promise<TypedArray[]> {
  const results: TypedArray[] = [];
  for (const n of [512, 640, 768, 1024])
    results.push(
      await take(
        scoped(() => {
          const x = tensor(numbers(288 * n), [288, n], on);
          const weight = tensor(numbers(128 * n, n), [128, n], on);
          const y = softmax(linear(x, weight));
          return matmul(linearActivation(x, weight, undefined, "tanh"), y, { transposeB: true });
        }),
      ),
    );
  return results;
}

/** Left alone, gpu.js starts workers for every kernel. `count` patches what starts them, and gives how many were. */
export function testThreads(count: () => { started(): number; alive(): number; restore(): void }): void {
  describe("threads", () => {
    test("share two workers, whatever runs, and end with their backend", async () => {
      const workers = count();
      try {
        const on = await gpujs({ mode: "webasm", threads: 2 });
        expect(on.threads).toBe(2);
        const probes = workers.started(); // a page tries whether workers start at all
        await large(on);
        await large(on);
        expect(workers.started() - probes).toBe(2);
        on.close();
        await expect.poll(() => workers.alive()).toBe(0);
      } finally {
        workers.restore();
      }
    });
    test("compute the same bits as one", async () => {
      const [one, two] = [await gpujs({ mode: "webasm", threads: 1 }), await gpujs({ mode: "webasm", threads: 2 })];
      expect(await large(two)).toEqual(await large(one));
      one.close();
      two.close();
    });
  });
}
