import { BackendError, concat, tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { opened, openEngine, settle, take, type Place } from "./place.ts";

/** A stage of WebGPU takes eight buffers, of which one is the result; the tests of other modes see to it that no kernel needs more. */
export function testManyArrays(place: Place): void {
  describe("more arrays than a kernel takes", () => {
    const on = opened(place);
    test.each([1, 2, 7, 8, 13, 14, 20])("concat of %i tensors", async (count) => {
      const before = on().arrays;
      const parts = Array.from({ length: count }, (_, i) => tensor([i, i + 0.5, -i], [1, 3], on()));
      const rows = concat(parts, 0);
      const columns = concat(parts, 1);
      await settle(on());
      expect(on().arrays).toBe(before + count + 2); // nothing is left of what lay between
      const right = parts.flatMap((_, i) => [i, i + 0.5, -i]);
      expect([...(await take(rows))]).toEqual(right);
      expect([...(await take(columns))]).toEqual(right);
      for (const part of parts) part[Symbol.dispose]();
    });
    test("a kernel that reads eight is refused, by its name", async () => {
      const { engine } = await openEngine(place);
      const arrays = (count: number): Record<string, readonly [ReturnType<typeof engine.upload>, readonly number[]]> =>
        Object.fromEntries(
          Array.from({ length: count }, (_, i) => [`x${i}`, [engine.upload(Float32Array.of(i)), [1]]]),
        );
      const body = (count: number): string =>
        `return ${Array.from({ length: count }, (_, i) => `x${i}[0]`).join(" + ")};`;
      const seven = await engine.run({ name: "all", out: [1], arrays: arrays(7), body: body(7) });
      expect([...(await engine.read(seven, 1))]).toEqual([21]);
      const run = (): unknown => engine.run({ name: "all", out: [1], arrays: arrays(8), body: body(8) });
      expect(run).toThrow(BackendError);
      expect(run).toThrow(
        `gpujs (${place.mode}): the kernel of all reads 8 arrays; a WebGPU stage takes 7 besides the result`,
      );
      engine.close();
    });
  });
}
