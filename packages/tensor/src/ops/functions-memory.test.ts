import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { Tensor } from "../tensor.ts";
import { clamp } from "./clamp.ts";
import { stack } from "./concat.ts";
import { flip } from "./flip.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { max, min } from "./max.ts";
import { minimum } from "./maximum.ts";
import { mean, variance } from "./mean.ts";
import { oneHot } from "./one-hot.ts";
import { sum } from "./reduce.ts";
import { repeat } from "./repeat.ts";
import { sort } from "./sort.ts";
import { split } from "./split.ts";
import { argMax, argMin } from "./top-k.ts";

const on = cpu();
const x = tensor([3, 1, 2, 5, 4, 6], [2, 3], on);
const half = tensor([3, 1, 2, 5, 4, 6], [2, 3], on, "f16");
const ids = tensor([0, 2], [2], on, "i32");

const calls: { readonly [name: string]: () => Tensor | readonly Tensor[] } = {
  "sum over all axes": () => sum(x),
  "sum over all axes of halves": () => sum(half),
  "sum over no axes": () => sum(x, []),
  "max over all axes, kept": () => max(x, undefined, { keepDims: true }),
  min: () => min(x, 0),
  minimum: () => minimum(x, 2),
  mean: () => mean(half),
  variance: () => variance(x, 0),
  logSumExp: () => logSumExp(x),
  argMax: () => argMax(x, 0),
  argMin: () => argMin(x),
  sort: () => sort(x, { axis: 0 }),
  flip: () => flip(x, [0, 1]),
  repeat: () => repeat(x, 2, 0),
  clamp: () => clamp(x, 2, 4),
  "clamp of nothing": () => clamp(x, -Infinity, Infinity),
  stack: () => stack([x, x], 0),
  split: () => split(x, 3, 1),
  oneHot: () => oneHot(ids, 3),
};

test.each(Object.entries(calls))(
  "%s outside a scope leaves its result, and nothing for the garbage collector",
  (_, f) => {
    const before = on.memory();
    const result = f();
    const results = result instanceof Tensor ? [result] : result;
    expect(on.memory().tensors - before.tensors).toBeLessThanOrEqual(results.length);
    for (const each of results) each[Symbol.dispose]();
    expect(on.memory()).toEqual(before);
    expect([x, half, ids].every(({ alive }) => alive)).toBe(true);
  },
);
