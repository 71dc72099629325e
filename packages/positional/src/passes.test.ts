import { Part } from "@tenon/nn";
import { cpu, random, slice, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { Attended, type AttendedOptions } from "../test/attended.ts";
import { heads, schemes, width } from "../test/schemes.ts";
import type { AttentionPosition } from "./attention-position.ts";
import { positionsAfterPadding } from "./restarting-positions.ts";

const on = cpu({ precision: "f64" });
const [b, t] = [2, 7];
const [queries, keys, values] = [1, 2, 3].map((seed) => place(floats([b, heads, t, width], random(seed)), on)) as [
  Tensor,
  Tensor,
  Tensor,
];
const numbers = async (x: Tensor): Promise<number[]> => [...(await x.read())];
const causal = t; // a window that holds all keys before

describe.each(Object.entries(schemes))("%s", (_, create) => {
  const make = async (): Promise<AttentionPosition> => {
    const position = create();
    return position instanceof Part ? position.to(on) : position;
  };
  const attended = async (options: Omit<AttendedOptions, "position">, from = 0): Promise<number[]> => {
    const position = await make();
    return numbers(slice(new Attended({ position, ...options }).forward(queries, keys, values), 2, from, t - from));
  };

  test("knows positions", async () => {
    const moved = await attended({ positions: [[0, 1, 2, 3, 5, 6, 7]] });
    const usual = await attended({});
    expect(Math.max(...moved.map((x, i) => Math.abs(x - usual[i]!)))).toBeGreaterThan(1e-3);
  });

  test("a later pass over a cache gives the rows of one pass", async () => {
    const whole = await attended({ window: causal });
    for (const passes of [
      [3, 4],
      [1, 1, 1, 1, 1, 1, 1],
      [2, 1, 4],
    ]) {
      expectNumbers(await attended({ window: causal, passes }), whole, 1e-12);
    }
  });

  test("a cache that drops its first keys gives what a window gives", async () => {
    const whole = await attended({ window: 2 });
    expectNumbers(await attended({ window: 2, passes: [2, 3, 1, 1] }), whole, 1e-12);
  });

  test("queries that take turns give what they give together", async () => {
    expectNumbers(await attended({ turn: 3 }), await attended({}), 1e-12);
    const options = { passes: [2, 5], window: causal };
    expectNumbers(await attended({ turn: 2, ...options }), await attended(options), 1e-12);
  });

  test("positions that are spelt out give what the usual ones give, for one row and for each", async () => {
    const usual = await attended({ window: causal });
    const row = Array.from({ length: t }, (_, i) => i);
    expectNumbers(await attended({ window: causal, positions: [row] }), usual, 1e-12);
    expectNumbers(await attended({ window: causal, positions: [row, row], passes: [3, 4] }), usual, 1e-12);
  });

  test("each sequence follows its own row of positions, over a cache, too", async () => {
    const rows = [
      [0, 0, 1, 2, 3, 4, 5],
      [0, 1, 2, 0, 1, 2, 3],
    ];
    const half = (all: number[], i: number): number[] => all.slice((i * all.length) / b, ((i + 1) * all.length) / b);
    for (const passes of [[7], [4, 2, 1]]) {
      const both = await attended({ window: causal, positions: rows, passes });
      for (const [i, row] of rows.entries()) {
        const one = await attended({ window: causal, positions: [row] });
        expectNumbers(half(both, i), half(one, i), 1e-12);
      }
    }
  });

  test("a sequence behind padding gives what it gives alone", async () => {
    const padding = 3;
    const position = await make();
    const real = (x: Tensor): Tensor => slice(x, 2, padding, t - padding);
    const alone = new Attended({ position }).forward(real(queries), real(keys), real(values));
    const positions = positionsAfterPadding([padding, padding], t);
    const behind = new Attended({ position, positions, hidden: padding }).forward(queries, keys, values);
    expectNumbers(await numbers(real(behind)), await numbers(alone), 1e-12);
  });
});
