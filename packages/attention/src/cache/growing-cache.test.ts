import { cpu, ones, profile, Scope } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/caches.ts";
import { GrowingCache } from "./growing-cache.ts";

test("its room doubles when it is full, and stays", () => {
  const on = cpu();
  using cache = new GrowingCache(4);
  using scope = new Scope();
  const rooms = [cache.room];
  const append = (t: number): void => {
    scope.run(() => cache.append(ones([1, 1, t, 2], on), ones([1, 1, t, 2], on)));
    rooms.push(cache.room);
  };
  for (const t of [3, 1, 1, 3, 1, 40]) append(t);
  expect(rooms).toEqual([0, 4, 4, 8, 8, 16, 64]);
  expect([cache.length, cache.capacity]).toEqual([49, Infinity]);
  cache.reset();
  append(1);
  expect([cache.length, cache.room]).toEqual([1, 64]);
  cache[Symbol.dispose]();
  expect(cache.room).toBe(0);
});

test("makes room for 64 positions at first, and copies each about once", async () => {
  const on = profile(cpu());
  using cache = new GrowingCache();
  using scope = new Scope();
  scope.run(() => {
    const x = ones([1, 1, 1, 1], on);
    for (let i = 0; i < 1000; i++) cache.append(x, x);
  });
  expect(cache.room).toBe(1024);
  const { calls, bytes } = (await on.report()).find(({ op }) => op === "pad")!;
  expect([calls, bytes]).toEqual([4, 4 * (64 + 128 + 256 + 512 + (128 + 256 + 512 + 1024))]); // read, and written
});

test("refuses a first room that is none", () => {
  expect(refusal(() => new GrowingCache(0))).toBe(
    "ConfigError: GrowingCache: first must be a whole number from 1 up, got 0",
  );
});
