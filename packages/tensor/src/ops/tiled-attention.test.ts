import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { attentionAttrs, drawAttention, placeAttention, type AttentionSizes } from "../testing/attention-cases.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import type { PlainAttention } from "../testing/plain-attention.ts";
import { bools, floats, plain, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import type { MaskTerm } from "./attention-mask.ts";
import { spans, tileSize, type TileSize } from "./attention-tile.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { explicitAttention } from "./explicit-attention.ts";
import { sum } from "./reduce.ts";
import { tiledAttention } from "./tiled-attention.ts";
import { tiledAttentionGradient } from "./tiled-attention-gradient.ts";

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

// Two query heads to a key head. With tiles of 5 queries and 7 keys three tiles down and three across, the last of them not full.
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
  ...biases.map(
    (shape): [string, Partial<PlainAttention>, Partial<AttentionAttrs>] => [
      `a bias [${shape.join(", ")}]`,
      { bias: real(shape) },
      { mask: [causal], queryOffset: 3 },
    ],
  ),
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
  let output: Tensor | undefined;
  const { gradients } = differentiate(
    variables.filter((x) => x !== undefined),
    () => {
      const inputs = [...variables.map((x) => x?.value), ...masks.map((mask) => place(mask, on))];
      const y = explicitAttention(inputs as unknown as AttentionInputs, attrs);
      return sum(mul(y, place(upstream, on)));
    },
  );
  output = explicitAttention(placeAttention(tensors, on), attrs);
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
    for (const size of [
      { queries: 5, keys: 7 },
      { queries: 13, keys: 6 },
      { queries: 4, keys: 99 },
      { queries: 1, keys: 1 },
    ] satisfies TileSize[]) {
      const inputs = placeAttention(tensors, on);
      const before = on.memory().tensors;
      const made = scoped(() => {
        const output = tiledAttention(inputs, attrs, size);
        return [output, ...tiledAttentionGradient(inputs, attrs, output, place(upstream, on), size)];
      });
      expect(on.memory().tensors - before).toBe(made.length); // nothing is left of the tiles
      expect(made).toHaveLength(right.length);
      for (const [i, x] of made.entries())
        expectNumbers(await x.read(), right[i]!, tolerance, `result ${i} in tiles of ${size.queries} × ${size.keys}`);
    }
  }
});
