import { describe, expect, test, vi } from "vitest";

import type { Block } from "../src/block.ts";
import { expectNear, numbers } from "./numbers.ts";
import { openEngine, type Place } from "./place.ts";

/** gpu.js makes a memory for each kernel, of which a page has room for 125: each takes 8 GiB of addresses. */
export function testMemories(place: Place): void {
  describe("the memory of kernels", () => {
    test("is shared by them, so that there may be many", async () => {
      const memories = vi.spyOn(WebAssembly, "Memory");
      try {
        const { engine } = await openEngine(place);
        const x = engine.upload(numbers(6000));
        const kept: Block[] = [];
        for (let i = 0; i < 300; i++)
          kept.push(
            await engine.run({
              name: "plus",
              out: [6000 - i],
              arrays: { x: [x, [6000]] },
              body: `return x[X] + ${i};`,
              work: i % 2 === 0 ? 0 : 2 ** 21,
            }),
          );
        for (const [i, block] of kept.entries())
          expectNear(
            await engine.read(block, 6000 - i),
            numbers(6000 - i).map((x) => x + i),
          );
        expect(engine.compiled).toBe(300);
        expect(memories.mock.calls.length).toBeLessThanOrEqual(2);
        engine.close();
      } finally {
        memories.mockRestore();
      }
    });
    test("is as large as each needs", async () => {
      const { engine } = await openEngine(place);
      // In an order in which each takes what the one before has left.
      for (const n of [10, 3_000_000, 100, 1_500_000, 70_000_000, 1000]) {
        const x = engine.upload(new Float32Array(n).fill(1, n - 3));
        const y = await engine.run({
          name: "last",
          out: [5],
          arrays: { x: [x, [n]] },
          body: `return x[${n - 5} + X] + X;`,
        });
        expect([...(await engine.read(y, 5))]).toEqual([0, 1, 3, 4, 5]);
        const z = await engine.run({
          name: "less",
          out: [n],
          arrays: { x: [x, [n]] },
          body: "return x[X] - 1;",
          work: n,
        });
        const data = await engine.read(z, n);
        expect([data[0], data[n - 4], data[n - 1], data.indexOf(0)]).toEqual([-1, -1, 0, n - 3]);
      }
      engine.close();
    });
  });
}
