import { expect, test } from "vitest";

import { apply } from "../op.ts";
import { attentionOp } from "../ops/attention.ts";
import { attentionGradientOp, type AttentionGradientInputs } from "../ops/attention-gradient.ts";
import type { MaskTerm } from "../ops/attention-mask.ts";
import type { AttentionAttrs, AttentionInputs } from "../ops/attention-type.ts";
import { random } from "../random.ts";
import { Scope } from "../scope.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { attentionAttrs, drawAttention, placeAttention } from "../testing/attention-cases.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import type { PlainAttention } from "../testing/plain-attention.ts";
import { bools, floats, plain, type Plain } from "../testing/plain.ts";
import { cpu } from "./cpu.ts";

const dice = random(71);
const real = (shape: Shape): Plain => {
  const x = floats(shape, dice);
  return { ...x, data: x.data.map((value) => value / 2) };
};
const causal: MaskTerm = { kind: "causal" };
// Several tiles of queries, the last not full; two query heads to a key head; a cache with free room.
const base = drawAttention(real, [2, 4, 37, 5, 2, 53, 3]);
const lengths: Plain = { dtype: "i32", shape: [2], data: [0, 29] };
/** Random first keys and ends, which do not grow with the query; some are empty, some reach beyond both ends. */
const intervals = (b: number, keys: number): Plain => ({
  dtype: "i32",
  shape: [b, 37, 2],
  data: Array.from({ length: b * 37 }, () => {
    const first = dice.integer(keys + 4) - 2;
    return [first, first + dice.integer(keys)];
  }).flat(),
});
const calls: [string, PlainAttention, Partial<AttentionAttrs>][] = [
  ["no mask", base, {}],
  ["causal", base, { mask: [causal], queryOffset: 4, keyLength: 41 }],
  ["causal, from before the first key on", base, { mask: [causal], queryOffset: -20 }],
  ["causal window", base, { mask: [causal, { kind: "window", size: 7 }], queryOffset: 10 }],
  ["a window beyond the last key", base, { mask: [{ kind: "window", size: 3 }], queryOffset: 40 }],
  ["lengths", { ...base, masks: [lengths] }, { mask: [causal, { kind: "lengths", input: 0 }] }],
  ["intervals", { ...base, masks: [intervals(2, 53)] }, { mask: [{ kind: "interval", input: 0 }] }],
  [
    "intervals for all, and causal",
    { ...base, masks: [intervals(1, 41)] },
    { mask: [causal, { kind: "interval", input: 0 }], queryOffset: 4, keyLength: 41 },
  ],
  ["dense", { ...base, masks: [bools([4, 1, 53], dice)] }, { mask: [{ kind: "dense", input: 0 }] }],
  [
    "dense and causal",
    { ...base, masks: [bools([2, 1, 37, 53], dice)] },
    { mask: [{ kind: "dense", input: 0 }, causal] },
  ],
  ["bias for all heads", { ...base, bias: real([37, 53]) }, { mask: [causal] }],
  ["bias for each head", { ...base, bias: real([4, 1, 47]) }, { keyLength: 47, softCap: 1 }],
  ["one bias", { ...base, bias: real([]) }, { mask: [causal] }],
  ["sinks", { ...base, sinks: real([4]) }, {}],
  [
    "all at once",
    { ...base, bias: real([2, 1, 37, 40]), sinks: real([4]), masks: [bools([37, 40], dice), lengths] },
    {
      mask: [causal, { kind: "window", size: 20 }, { kind: "lengths", input: 1 }, { kind: "dense", input: 0 }],
      queryOffset: 3,
      keyLength: 40,
      softCap: 2,
    },
  ],
];
const gradientInputs = (
  [q, k, v, bias, sinks, ...masks]: AttentionInputs,
  output: Tensor,
  upstream: Tensor,
): AttentionGradientInputs => [q, k, v, bias, sinks, output, upstream, ...masks];
const upstream = real([2, 4, 37, 3]);

test.each(calls)(
  "%s: over several tiles, forward and backward, the kernels give what the compositions give",
  async (_, tensors, some) => {
    const attrs = attentionAttrs(tensors, some);
    for (const [precision, tolerance] of [
      ["f32", 1e-5],
      ["f64", 1e-12],
    ] as const) {
      const results = [true, false].map((fused) => {
        const on = cpu({ precision, fused });
        const inputs = placeAttention(tensors, on);
        const output = apply(attentionOp, inputs, attrs);
        const gradients = apply(attentionGradientOp, gradientInputs(inputs, output, place(upstream, on)), attrs);
        return [output, ...gradients];
      });
      const [ours, theirs] = results as [Tensor[], Tensor[]];
      expect(ours.length).toBe(4 + (tensors.bias === undefined ? 0 : 1) + (tensors.sinks === undefined ? 0 : 1));
      for (const [i, output] of ours.entries())
        expectNumbers(await output.read(), await theirs[i]!.read(), tolerance, `result ${i} in ${precision}`);
    }
  },
);

test("keys beyond the reach of a causal mask and beyond keyLength are not read", async () => {
  const on = cpu();
  using scope = new Scope();
  const poisoned = (x: Plain): Plain => plain(x.shape, (i) => (i[2]! < 36 ? x.data[0]! / (1 + i[2]!) : NaN));
  const tensors = { ...base, k: poisoned(base.k), v: poisoned(base.v) };
  for (const some of [{ mask: [causal] }, { keyLength: 36 }] as const) {
    const attrs = attentionAttrs(tensors, some);
    const inputs = placeAttention({ ...tensors, q: drawAttention(real, [2, 4, 36, 5]).q }, on);
    const output = scope.run(() => apply(attentionOp, inputs, attrs));
    expect((await output.read()).every(Number.isFinite)).toBe(true);
    const given = gradientInputs(inputs, output, place(real([2, 4, 36, 3]), on));
    const gradients = scope.run(() => apply(attentionGradientOp, given, attrs));
    for (const gradient of gradients) expect((await gradient.read()).every(Number.isFinite)).toBe(true);
  }
});
