import { describe, expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { uniform } from "./ops/source.ts";
import { random, threefry, unit, type RandomKey } from "./random.ts";
import { plainThreefry, plainUniform } from "./testing/plain-threefry.ts";
import { total, upTo } from "./testing/plain.ts";

const hex = (words: ArrayLike<number>): string[] => Array.from(words, (word) => word.toString(16).padStart(8, "0"));
function block(key: RandomKey, c0: number, c1: number): Uint32Array {
  const out = new Uint32Array(2);
  threefry(key, c0, c1, out);
  return out;
}

describe("Threefry-2x32, 20 rounds", () => {
  test("gives Random123's known answers", () => {
    expect(hex(block([0, 0], 0, 0))).toEqual(["6b200159", "99ba4efe"]);
    expect(hex(block([-1, -1], 0xffffffff, 0xffffffff))).toEqual(["1cb996fc", "bb002be7"]);
    expect(hex(block([0x13198a2e, 0x03707344], 0x243f6a88, 0x85a308d3))).toEqual(["c4923a9c", "483df7a0"]);
  });
  test("agrees with the paper's definition in whole numbers of any size", () => {
    const dice = random(1);
    const word = (): number => dice.integer(2 ** 32) - 2 ** 31;
    for (let i = 0; i < 200; i++) {
      const key = [word(), word()] as const;
      const counter = [word(), word()] as const;
      expect([...block(key, ...counter)]).toEqual(plainThreefry(key, counter));
    }
  });
});

describe("random(seed)", () => {
  test("gives the same numbers for the same seed, others for another", () => {
    const draw = (seed: number): number[] =>
      upTo(20).map(
        (
          (dice) => () =>
            dice.uniform()
        )(random(seed)),
      );
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(1)).not.toEqual(draw(1 + 2 ** 32));
    expect(draw(7).slice(0, 3)).toEqual(plainUniform([3], [7, 0], 0));
  });
  test("takes whole seeds only", () => {
    expect(() => random(-1)).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: a seed is a whole number from 0 to 2^53 - 1, got -1]`,
    );
    expect(() => random(0.5)).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: a seed is a whole number from 0 to 2^53 - 1, got 0.5]`,
    );
    expect(() => random(NaN)).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: a seed is a whole number from 0 to 2^53 - 1, got NaN]`,
    );
  });
  test("a fork depends on its name and its parent only, not on what was drawn", () => {
    const fresh = random(3).fork("weights").uniform();
    const used = random(3);
    for (let i = 0; i < 5; i++) used.normal();
    used.fork("other").uniform();
    expect(used.fork("weights").uniform()).toBe(fresh);
    const before = used.uniform();
    const again = random(3);
    for (let i = 0; i < 10; i++) again.uniform();
    expect(again.uniform()).toBe(before); // forking drew nothing
  });
  test("forks of different names, numbers and parents differ", () => {
    const root = random(3);
    const forks = [
      root,
      root.fork("a"),
      root.fork("b"),
      root.fork("ab"),
      root.fork(0),
      root.fork(1),
      root.fork("0"),
      root.fork("a").fork("b"),
      random(4).fork("a"),
    ];
    expect(new Set(forks.map((fork) => fork.key.join())).size).toBe(forks.length);
    expect(new Set(forks.map((fork) => fork.uniform())).size).toBe(forks.length);
  });
  test("no two of many forks share a key", () => {
    const keys = upTo(20000).map((i) => random(5).fork(`blocks.${i}.weight`).key.join());
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("distributions", () => {
  const n = 20000;
  const moments = (xs: readonly number[]): number[] =>
    [1, 2, 3, 4].map((power) => total(xs.map((x) => x ** power)) / xs.length);
  test("uniform: 24 bits in [0, 1) with the moments 1/2, 1/3, 1/4, 1/5", () => {
    const dice = random(1);
    const xs = upTo(n).map(() => dice.uniform());
    expect(xs.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 24))).toBe(true);
    moments(xs).forEach((moment, i) => expect(Math.abs(moment - 1 / (i + 2))).toBeLessThan(0.01));
    expect(unit(0xffffffff)).toBe(1 - 2 ** -24);
    expect(unit(0xff)).toBe(0);
  });
  test("normal: the moments 0, 1, 0, 3", () => {
    const dice = random(2);
    const [mean, square, cube, fourth] = moments(upTo(n).map(() => dice.normal())) as [number, number, number, number];
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(square - 1)).toBeLessThan(0.04);
    expect(Math.abs(cube)).toBeLessThan(0.12);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.25);
  });
  test.each([2, 6, 10, 97])("integer(%i) is even: chi-square within four deviations", (sides) => {
    const dice = random(sides);
    const counts = new Array<number>(sides).fill(0);
    for (let i = 0; i < n; i++) counts[dice.integer(sides)]!++;
    const expected = n / sides;
    const chi = total(counts.map((count) => (count - expected) ** 2 / expected));
    expect(Math.abs(chi - (sides - 1))).toBeLessThan(4 * Math.sqrt(2 * (sides - 1)));
  });
  test("integer(n) stays below n, also for the largest n, and refuses what is no size", () => {
    const dice = random(1);
    for (let i = 0; i < 200; i++) expect(dice.integer(Number.MAX_SAFE_INTEGER)).toBeLessThan(Number.MAX_SAFE_INTEGER);
    expect(random(1).integer(1)).toBe(0);
    expect(() => dice.integer(0)).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: random.integer(n) needs a whole number n ≥ 1, got 0]`,
    );
    expect(() => dice.integer(2.5)).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: random.integer(n) needs a whole number n ≥ 1, got 2.5]`,
    );
  });
  test("shuffle gives a permutation and leaves its argument", () => {
    const list = upTo(50);
    const shuffled = random(9).shuffle(list);
    expect(shuffled).not.toEqual(list);
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(list);
    expect(list).toEqual(upTo(50));
    expect(random(9).shuffle([])).toEqual([]);
  });
  test("shuffle gives each order equally often", () => {
    const dice = random(12);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = dice.shuffle(["a", "b", "c"]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(120);
  });
  test("pick gives every element, and refuses an empty list", () => {
    const dice = random(6);
    expect(new Set(upTo(60).map(() => dice.pick(["x", "y", "z"])))).toEqual(new Set(["x", "y", "z"]));
    expect(() => dice.pick([])).toThrowErrorMatchingInlineSnapshot(
      `[ConfigError: random.pick needs a list with at least one element]`,
    );
  });
});

test("the op `uniform` draws what Random draws from the same key", async () => {
  const dice = random(77).fork("mask");
  const drawn = await uniform([9], dice.key, 0, cpu()).read();
  expect([...drawn]).toEqual(upTo(9).map(() => dice.uniform()));
  expect(await uniform([9], dice.key, 1, cpu()).read()).not.toEqual(drawn);
});
