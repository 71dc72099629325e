import { cpu, ones, profile, Scope, scoped, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/caches.ts";
import { SlidingCache } from "./sliding-cache.ts";

const on = cpu();
const numbers = (from: number, t: number): Tensor =>
  tensor(
    Array.from({ length: t }, (_, i) => from + i),
    [1, 1, t, 1],
    on,
  );

test("holds the last positions in their order, and says where they are in the text", async () => {
  using cache = new SlidingCache({ window: 3, back: 1, slack: 2 });
  using scope = new Scope();
  expect(cache.room).toBe(5);
  const seen: [first: number, entries: number[]][] = [];
  for (const [from, t] of [
    [0, 1],
    [1, 4],
    [5, 1], // 0 to 4 fill the room: 2 to 4 move to the front
    [6, 1],
    [7, 2],
    [9, 8], // more than there is room for
    [17, 1],
  ] as const) {
    const { keys, values, length, first } = scope.run(() => cache.append(numbers(from, t), numbers(100 + from, t)));
    const entries = [...(await keys.read())].slice(0, length);
    expect([...(await values.read())].slice(0, length)).toEqual(entries.map((entry) => entry + 100));
    expect(cache.length).toBe(from + t);
    seen.push([first, entries]);
  }
  expect(seen).toEqual([
    [0, [0]],
    [0, [0, 1, 2, 3, 4]],
    [2, [2, 3, 4, 5]],
    [2, [2, 3, 4, 5, 6]],
    [4, [4, 5, 6, 7, 8]],
    [6, [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]],
    [14, [14, 15, 16, 17]],
  ]);
});

test("takes the same memory for a long text, and moves a position about once", async () => {
  const profiled = profile(cpu());
  using cache = new SlidingCache({ window: 50 });
  using scope = new Scope();
  const x = scope.run(() => ones([1, 1, 1, 1], profiled));
  const bytes = new Set<number>();
  for (let i = 0; i < 2000; i++) {
    scoped(() => void cache.append(x, x));
    bytes.add(profiled.memory().bytes);
  }
  expect([...bytes]).toEqual([4 * (100 + 1)]);
  const moves = (await profiled.report()).find(({ op }) => op === "slice")!;
  expect(moves.calls).toBe(38); // (2000 − 100) / 50, of 50 positions each
});

test("can take `back` positions back at any time, and says when more are gone", () => {
  for (const back of [1, 3]) {
    using cache = new SlidingCache({ window: 4, back, slack: 5 });
    for (const t of [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 30, 1, 1]) {
      scoped(() => void cache.append(numbers(0, t), numbers(0, t)));
      using other = cache.fork();
      other.crop(Math.max(0, cache.length - back));
      expect(other.length).toBe(Math.max(0, cache.length - back));
    }
  }
  using cache = new SlidingCache({ window: 4, slack: 2 });
  scoped(() => void cache.append(numbers(0, 20), numbers(0, 20)));
  expect(refusal(() => cache.crop(18))).toBe(
    "ConfigError: SlidingCache: cropped to 18, the next position would see those from 15 on, but it holds those from 16 on; make it with a larger `back`, of 2 or more, or reset() it",
  );
  cache.crop(19);
  expect(cache.length).toBe(19);
  cache.crop(0);
  const { first, length } = scoped(() => cache.append(numbers(0, 2), numbers(0, 2)));
  expect([first, length, cache.length]).toEqual([0, 2, 2]);
});

test("refuses sizes that are none", () => {
  expect(refusal(() => new SlidingCache({ window: 0 }))).toBe(
    "ConfigError: SlidingCache: window must be a whole number from 1 up, got 0",
  );
  expect(refusal(() => new SlidingCache({ window: 4, back: 0 }))).toBe(
    "ConfigError: SlidingCache: back must be a whole number from 1 up, got 0",
  );
  expect(refusal(() => new SlidingCache({ window: 4, slack: 0.5 }))).toBe(
    "ConfigError: SlidingCache: slack must be a whole number from 1 up, got 0.5",
  );
});
