import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Shape } from "../shape.ts";
import { attentionAttrs, drawAttention, placeAttention, type AttentionSizes } from "../testing/attention-cases.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import type { PlainAttention } from "../testing/plain-attention.ts";
import { bools, floats, plain, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { add, mul } from "./arithmetic.ts";
import type { MaskTerm } from "./attention-mask.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { cast } from "./cast.ts";
import { explicitAttention } from "./explicit-attention.ts";
import { sum } from "./reduce.ts";
import { attentionInTiles } from "./attention-in-tiles.ts";
import { attentionGradientInTiles } from "./attention-gradient-in-tiles.ts";

const dice = random(53);
const real = (shape: Shape): Plain => {
  const x = floats(shape, dice);
  return { ...x, data: x.data.map((value) => value / 2) };
};
const causal: MaskTerm = { kind: "causal" };
const window = (size: number): MaskTerm => ({ kind: "window", size });
const named = (kind: "lengths" | "interval" | "dense", input = 0): MaskTerm => ({ kind, input });
const lengths = (...data: number[]): Plain => ({ dtype: "i32", shape: [data.length], data });
/** Any first keys and ends: some are empty, some reach beyond both ends. */
const intervals = (b: number, t: number, s: number): Plain =>
  plain([b, t, 2], ([, , i]) => dice.integer(s + 4) - 2 + i! * dice.integer(s), "i32");

// Two query heads to a key head. Tiles of 5 are three down and four across, the last not full, those of 15 one down and two across.
const [b, h, t, s, capacity] = [2, 4, 13, 17, 20];
const sizes: AttentionSizes = [b, h, t, 3, 2, capacity, 5];
const biases: Shape[] = [
  [],
  [s],
  [t, 1],
  [t, s],
  [h, 1, 1],
  [h, 1, s],
  [h, t, 1],
  [h, t, s],
  [b, 1, 1, 1],
  [b, 1, 1, s],
  [b, 1, t, s],
  [b, h, t, s],
];
const cases: [string, Partial<PlainAttention>?, Partial<AttentionAttrs>?][] = [
  ["everything allowed"],
  ["a cache that is full", {}, { keyLength: capacity }],
  ["causal", {}, { mask: [causal], queryOffset: 4 }],
  ["causal, the first queries before the first key", {}, { mask: [causal], queryOffset: -7 }],
  ["causal, every query before the first key", {}, { mask: [causal], queryOffset: -40 }],
  ["a causal window", {}, { mask: [causal, window(3)], queryOffset: 2 }],
  ["a window beyond the last key", {}, { mask: [window(2)], queryOffset: 14 }],
  ["lengths, one of nothing", { masks: [lengths(0, 9)] }, { mask: [named("lengths")] }],
  ["intervals", { masks: [intervals(b, t, s)] }, { mask: [named("interval")] }],
  ["intervals for the whole batch, causal", { masks: [intervals(1, t, s)] }, { mask: [named("interval"), causal] }],
  ["a dense mask for all", { masks: [bools([t, s], dice)] }, { mask: [named("dense")] }],
  ["a dense mask over keys", { masks: [bools([b, 1, 1, s], dice)] }, { mask: [named("dense")] }],
  ["a dense mask over queries", { masks: [bools([h, t, 1], dice)] }, { mask: [named("dense"), causal] }],
  ["a soft cap", {}, { softCap: 0.75 }],
  ["sinks", { sinks: real([h]) }],
  ["sinks where nothing is seen", { sinks: real([h]), masks: [lengths(0, 4)] }, { mask: [named("lengths")] }],
  ...biases.map((shape): [string, Partial<PlainAttention>, Partial<AttentionAttrs>] => [
    `a bias [${shape.join(", ")}]`,
    { bias: real(shape) },
    { mask: [causal], queryOffset: 3 },
  ]),
  [
    "all together",
    {
      bias: real([h, t, s]),
      sinks: real([h]),
      masks: [bools([b, 1, t, s], dice), lengths(16, 11), intervals(b, t, s)],
    },
    {
      mask: [causal, window(12), named("lengths", 1), named("dense"), named("interval", 2)],
      queryOffset: 5,
      softCap: 2,
    },
  ],
];

/** The output, and the gradients of what can have one. */
async function explicit(tensors: PlainAttention, attrs: AttentionAttrs, upstream: Plain): Promise<Float64Array[]> {
  const on = cpu({ precision: "f64" });
  const { q, k, v, bias, sinks, masks = [] } = tensors;
  const given = [q, k, v, bias, sinks];
  const variables = given.map((x) => x && Variable.holding(place(x, on)));
  const { gradients } = differentiate(
    variables.filter((x) => x !== undefined),
    () => {
      const inputs = [...variables.map((x) => x?.value), ...masks.map((mask) => place(mask, on))];
      const y = explicitAttention(inputs as unknown as AttentionInputs, attrs);
      return sum(mul(y, place(upstream, on)));
    },
  );
  const output = explicitAttention(placeAttention(tensors, on), attrs);
  return Promise.all([output, ...gradients].map(async (x) => (await x!.read()) as Float64Array));
}

test.each(cases)("%s: in tiles as at once, forward and backward", async (_, some, more) => {
  const tensors = { ...drawAttention(real, sizes), ...some };
  const attrs = attentionAttrs(tensors, { keyLength: s, ...more });
  const upstream = real([b, h, t, 5]);
  const right = await explicit(tensors, attrs, upstream);
  for (const [precision, tolerance] of [
    ["f64", 1e-12],
    ["f32", 1e-5],
  ] as const) {
    const on = cpu({ precision, fused: false });
    for (const size of [5, 8, 15, 1]) {
      const inputs = placeAttention(tensors, on);
      const before = on.memory().tensors;
      const made = scoped(() => {
        const output = attentionInTiles(inputs, attrs, size);
        return [output, ...attentionGradientInTiles(inputs, attrs, output, place(upstream, on), size)];
      });
      expect(on.memory().tensors - before).toBe(made.length); // nothing is left of the tiles
      expect(made).toHaveLength(right.length);
      for (const [i, x] of made.entries())
        expectNumbers(await x.read(), right[i]!, tolerance, `result ${i} in tiles of ${size}`);
    }
  }
});

test("more queries than a tile has, and fewer keys", async () => {
  const tensors = drawAttention(real, [1, 2, 23, 4, 1, 6]);
  const attrs = attentionAttrs(tensors, { mask: [causal], queryOffset: -9 });
  const upstream = real([1, 2, 23, 4]);
  const right = await explicit(tensors, attrs, upstream);
  const on = cpu({ precision: "f64", fused: false });
  const inputs = placeAttention(tensors, on);
  const output = attentionInTiles(inputs, attrs, 7);
  const made = [output, ...attentionGradientInTiles(inputs, attrs, output, place(upstream, on), 7)];
  for (const [i, x] of made.entries()) expectNumbers(await x.read(), right[i]!, 1e-12, `result ${i}`);
});

test.each(["f16", "bf16"] as const)("%s in tiles is near f32, forward and backward", async (dtype) => {
  const drawn = { ...drawAttention(real, sizes), sinks: real([h]), bias: real([t, s]) };
  const attrs = attentionAttrs(drawn, { mask: [causal], queryOffset: 4, keyLength: s });
  const upstream = real([b, h, t, 5]);
  const right = await explicit(drawn, attrs, upstream);
  const on = cpu({ fused: false });
  const inputs = placeAttention(drawn, on).map((x) => x && cast(x, dtype)) as unknown as AttentionInputs;
  const output = attentionInTiles(inputs, attrs, 5);
  const made = [output, ...attentionGradientInTiles(inputs, attrs, output, cast(place(upstream, on), dtype), 5)];
  for (const [i, x] of made.entries()) {
    expect(x.dtype).toBe(dtype);
    expectNumbers(await cast(x, "f32").read(), right[i]!, dtype === "f16" ? 1e-2 : 1e-1, `result ${i}`, 4);
  }
});

test("tiles can be differentiated, and differentiated twice, as what is at once", async () => {
  const tensors = { ...drawAttention(real, [1, 2, 7, 2, 1, 9]), sinks: real([2]), bias: real([2, 7, 1]) };
  const attrs = attentionAttrs(tensors, { mask: [causal, window(5)], queryOffset: 1, softCap: 3 });
  const on = cpu({ precision: "f64", fused: false });
  const [q, k, v, bias, sinks] = placeAttention(tensors, on).map((x) => Variable.holding(x!));
  const variables = [q!, k!, v!, bias!, sinks!];
  const weights = [...variables.map(({ type }) => place(real(type.shape), on)), place(real([1, 2, 7, 2]), on)];
  const derivatives = async (size: number): Promise<Float64Array[]> => {
    const { gradients } = differentiate(variables, () => {
      const inputs = variables.map(({ value }) => value) as unknown as AttentionInputs;
      const output = attentionInTiles(inputs, attrs, size);
      const first = [...attentionGradientInTiles(inputs, attrs, output, weights[5]!, size), output];
      return first.map((x, i) => sum(mul(x, weights[i]!))).reduce((a, x) => add(a, x));
    });
    return Promise.all(gradients.map(async (x) => (await x!.read()) as Float64Array));
  };
  const right = await derivatives(99);
  for (const size of [3, 4, 8])
    for (const [i, x] of (await derivatives(size)).entries())
      expectNumbers(x, right[i]!, 1e-11, `derivative ${i} in tiles of ${size}`);
});

test("any shape, any tile, any mask and any bias", async () => {
  const upTo = (n: number): number => 1 + dice.integer(n);
  const narrowed = (shape: Shape): number[] =>
    shape.map((size) => (dice.integer(2) === 0 ? 1 : size)).slice(dice.integer(5));
  for (let i = 0; i < 60; i++) {
    const [batch, keyHeads, group, queries, keys] = [upTo(2), upTo(2), upTo(2), upTo(11), upTo(11)];
    const heads = keyHeads * group;
    const shape = [batch, heads, queries, keys];
    const tensors: PlainAttention = {
      ...drawAttention(real, [batch, heads, queries, upTo(3), keyHeads, keys + dice.integer(3), upTo(3)]),
      bias: dice.integer(2) === 0 ? real(narrowed(shape)) : undefined,
      sinks: dice.integer(2) === 0 ? real([heads]) : undefined,
      masks: [
        lengths(...Array.from({ length: batch }, () => dice.integer(keys + 2))),
        intervals(batch, queries, keys),
        bools(narrowed(shape), dice),
      ],
    };
    const terms = [causal, window(upTo(6)), named("lengths"), named("interval", 1), named("dense", 2)];
    const attrs = attentionAttrs(tensors, {
      mask: terms.filter(() => dice.integer(3) === 0),
      queryOffset: dice.integer(12) - 4,
      keyLength: keys,
      softCap: dice.integer(2) === 0 ? 1.5 : null,
    });
    const upstream = real([batch, heads, queries, tensors.v.shape[3]!]);
    const right = await explicit(tensors, attrs, upstream);
    const on = cpu({ precision: "f64", fused: false });
    const inputs = placeAttention(tensors, on);
    const size = upTo(5);
    const output = attentionInTiles(inputs, attrs, size);
    const made = [output, ...attentionGradientInTiles(inputs, attrs, output, place(upstream, on), size)];
    for (const [n, x] of made.entries())
      expectNumbers(await x.read(), right[n]!, 1e-12, `draw ${i}, result ${n} in tiles of ${size}`);
  }
});

test("scores far apart, from tile to tile and within one", async () => {
  const far: Plain = {
    dtype: "f32",
    shape: [6, 6],
    data: Array.from({ length: 36 }, (_, i) => [0, 9e3, -9e3, 80, -1e30, -Infinity][(7 * i) % 6]!),
  };
  const tensors = { ...drawAttention(real, [1, 1, 6, 2]), bias: far };
  const attrs = attentionAttrs(tensors);
  const upstream = real([1, 1, 6, 2]);
  const right = await explicit(tensors, attrs, upstream);
  for (const size of [1, 2, 4]) {
    const on = cpu({ precision: "f64", fused: false });
    const inputs = placeAttention(tensors, on);
    const output = attentionInTiles(inputs, attrs, size);
    const made = [output, ...attentionGradientInTiles(inputs, attrs, output, place(upstream, on), size)];
    for (const [i, x] of made.entries())
      expectNumbers(await x.read(), right[i]!, 1e-12, `result ${i} in tiles of ${size}`);
  }
});
