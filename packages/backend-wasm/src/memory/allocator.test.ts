import { array, assert, constant, integer, oneof, property, tuple } from "fast-check";
import { expect, test } from "vitest";

import { Allocator, grain, type Region } from "./allocator.ts";
import { WasmMemory } from "./wasm-memory.ts";

const sizes = oneof(integer({ min: 0, max: 200 }), integer({ min: 0, max: 100_000 }), constant(64 * 512));
const steps = array(tuple(integer({ min: 0, max: 2 }), sizes, integer({ min: 0, max: 1000 })), { maxLength: 120 });

test("regions are aligned, large enough and apart, and all of them come back", () => {
  assert(
    property(steps, (list) => {
      let grown = 0;
      const allocator = new Allocator(100, (bytes) => (grown += bytes));
      const live: Region[] = [];
      for (const [kind, size, which] of list) {
        if (kind === 0 && live.length > 0) allocator.release(live.splice(which % live.length, 1)[0]!);
        else {
          const region = allocator.allocate(size);
          expect(region.at % grain).toBe(0);
          expect(region.size).toBeGreaterThanOrEqual(Math.max(1, size));
          expect(region.at + region.size).toBeLessThanOrEqual(128 + grown);
          live.push(region);
        }
        const sorted = live.toSorted((a, b) => a.at - b.at);
        sorted.forEach(
          (region, i) => i > 0 && expect(region.at).toBeGreaterThanOrEqual(sorted[i - 1]!.at + sorted[i - 1]!.size),
        );
        expect(allocator.used).toBe(live.reduce((sum, region) => sum + region.size, 0));
        expect(allocator.end).toBe(128 + grown);
      }
      for (const region of live) allocator.release(region);
      expect(allocator.used).toBe(0);
      if (grown > 0) expect(allocator.allocate(grown - 64).at).toBe(128); // all joined again; a class above the size would grow
    }),
    { seed: 5, numRuns: 300 },
  );
});

test("a region cannot be given back twice", () => {
  const allocator = new Allocator(0, () => undefined);
  const region = allocator.allocate(10);
  allocator.release(region);
  expect(() => allocator.release(region)).toThrow("the region at 0 was released twice");
});

test("100,000 steps of changing sizes do not fragment it", () => {
  const allocator = new Allocator(0, () => undefined);
  const weights = [300_000, 12_345, 768, 4].map((size) => allocator.allocate(size));
  const step = (length: number): void => {
    const kept = [1, 3, 4, 12].map((n) => allocator.allocate(n * length * 64));
    const passing = [7, 2, 9].map((n) => allocator.allocate(n * length * 52));
    for (const region of [...passing, ...kept.toReversed()]) allocator.release(region);
  };
  for (let length = 1; length <= 64; length++) step(length);
  const { end } = allocator;
  for (let i = 0; i < 100_000; i++) step(1 + ((i * 37) % 64));
  expect(allocator.end).toBeLessThanOrEqual(1.25 * end);
  for (const region of weights) allocator.release(region);
  expect(allocator.used).toBe(0);
});

test("the memory grows, keeps what it holds, and says when there is no more", () => {
  const memory = new WasmMemory({ shared: false, reserved: 4096, maximumPages: 64, far: false });
  const first = memory.allocate(1000);
  memory.u8[first.at] = 17;
  const large = memory.allocate(2 ** 21);
  expect(memory.size).toBeGreaterThan(2 ** 21);
  expect(memory.u8[first.at]).toBe(17);
  expect(memory.f32.length).toBe(memory.size / 4);
  expect(() => memory.allocate(2 ** 22)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: wasm: out of memory: 4.0 MiB more were asked for, 2.0 MiB are in use, and at most 4.0 MiB are possible. Free tensors earlier (scoped, using), use smaller batches, or keep weights in f16, q8 or q4.]`,
  );
  memory.release(large);
  expect(memory.allocate(2 ** 21).at).toBe(large.at);
});
