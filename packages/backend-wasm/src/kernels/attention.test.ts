import {
  apply,
  composites,
  cpu,
  random,
  type AttentionAttrs,
  type Backend,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import {
  attentionAttrs,
  bools,
  drawAttention,
  floats,
  place,
  placeAttention,
  type AttentionSizes,
  type Plain,
  type PlainAttention,
} from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { attentionGradientKernels, attentionGradientTable } from "./attention-gradient.ts";
import { attentionKernels, attentionTable, takesMask } from "./attention.ts";

const exact = cpu({ precision: "f64" });
const dice = random(5);
const real = (shape: Shape): Plain => floats(shape, dice);
const causal = { kind: "causal" } as const;
const lengths = (...data: number[]): Plain => ({ dtype: "i32", shape: [data.length], data });
/** Random first keys and ends; some are empty, some reach beyond both ends. */
const intervals = (b: number, t: number, keys: number): Plain => ({
  dtype: "i32",
  shape: [b, t, 2],
  data: Array.from({ length: b * t }, () => {
    const first = dice.integer(keys + 4) - 2;
    return [first, first + dice.integer(keys)];
  }).flat(),
});

/** Sizes at which panels, tiles and blocks of queries end; groups of heads; every term of a mask. */
const calls: readonly (readonly [name: string, AttentionSizes, Partial<AttentionAttrs>, Partial<PlainAttention>?])[] = [
  ["one query, one key", [1, 1, 1, 8], {}],
  ["sizes that fill nothing", [2, 3, 7, 8, 3, 13, 16], {}],
  ["causal", [1, 2, 70, 16], { mask: [causal] }],
  ["causal behind a cache that is not full", [1, 4, 9, 8, 2, 40], { mask: [causal], queryOffset: 20, keyLength: 29 }],
  ["a window", [1, 2, 150, 8], { mask: [causal, { kind: "window", size: 20 }] }],
  ["lengths", [3, 2, 10, 8, 1], { mask: [{ kind: "lengths", input: 0 }] }, { masks: [lengths(10, 3, 0)] }],
  [
    "intervals of a batch, which grow with nothing",
    [2, 2, 70, 8, 1, 90],
    { mask: [{ kind: "interval", input: 0 }] },
    { masks: [intervals(2, 70, 90)] },
  ],
  [
    "intervals for all, causal, few queries",
    [2, 2, 3, 8, 2, 20],
    { mask: [causal, { kind: "interval", input: 0 }], queryOffset: 15 },
    { masks: [intervals(1, 3, 20)] },
  ],
  ["a dense mask", [2, 2, 12, 8], { mask: [{ kind: "dense", input: 0 }] }, { masks: [bools([12, 12], dice)] }],
  ["more keys than one block of them", [1, 1, 5, 8, 1, 900], {}],
  ["heads of 64 in groups", [2, 6, 65, 64, 2], { mask: [causal] }],
];
const drawn = calls.map(([name, sizes, attrs, more]) => {
  const tensors = { ...drawAttention(real, sizes), ...more };
  const [b, h, t] = sizes;
  return [name, tensors, attentionAttrs(tensors, attrs), real([b, h, t, tensors.v.shape[3]!])] as const;
});

async function expectNear(y: Tensor, right: Tensor): Promise<void> {
  expect(y.shape).toEqual(right.shape);
  const [a, e] = [await y.read(), await right.read()];
  let worst = 0;
  for (const [i, value] of e.entries()) worst = Math.max(worst, Math.abs(value - a[i]!));
  expect(worst).toBeLessThan(5e-5);
}

eachEngine(
  [...attentionKernels, ...attentionGradientKernels],
  (engine) => ({ ...attentionTable(engine), ...attentionGradientTable(engine) }),
  [],
  (tested) => {
    test.each(drawn)("forward: %s", async (_, tensors, attrs) => {
      const make = (on: Backend): Tensor => apply(composites.attention, placeAttention(tensors, on), attrs);
      await expectNear(make(tested.on), make(exact));
    });

    test.each(drawn)("gradient: %s", async (_, tensors, attrs, upstream) => {
      const output = await apply(composites.attention, placeAttention(tensors, exact), attrs).read();
      const make = (on: Backend): readonly Tensor[] => {
        const [q, k, v, bias, sinks, ...masks] = placeAttention(tensors, on);
        const given = place({ ...upstream, data: [...output] }, on);
        return apply(composites.attentionGradient, [q, k, v, bias, sinks, given, place(upstream, on), ...masks], attrs);
      };
      const right = make(exact);
      for (const [i, gradient] of make(tested.on).entries()) await expectNear(gradient, right[i]!);
    });
  },
);

test.each(["lengths", "interval", "dense"] as const)("two terms of %s are left to the composition", (kind) => {
  const masked = (...mask: AttentionAttrs["mask"]): AttentionAttrs => ({ ...drawn[0]![2], mask });
  expect(takesMask(masked({ kind, input: 0 }, causal))).toBe(true);
  expect(takesMask(masked({ kind, input: 0 }, { kind, input: 1 }))).toBe(false);
});
