import { patch, RMSNorm, trace } from "@tenon/nn";
import { cpu, mul, random, sigmoid, slice, sum, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import type { AttentionVariant } from "./attention-variant.ts";
import { alternating } from "./mask/alternating.ts";
import { all } from "./mask/all.ts";
import { causal } from "./mask/causal.ts";
import { window } from "./mask/window.ts";
import { MultiHeadAttention, type MultiHeadAttentionOptions } from "./multi-head-attention.ts";
import { MultiHeadCrossAttention } from "./multi-head-cross-attention.ts";

const [b, t, d, h] = [2, 5, 8, 4];
const on = cpu({ precision: "f64" });
const x = place(floats([b, t, d], random(1)), on);
const made = (
  variant: AttentionVariant = {},
  options: Partial<MultiHeadAttentionOptions> = {},
): Promise<MultiHeadAttention> =>
  new MultiHeadAttention({ width: d, heads: h, keyValueHeads: 2, variant, random: random(2), ...options }).to(on);
const seen = async (attention: MultiHeadAttention, name: string, y: Tensor = x): Promise<ArrayLike<number>> =>
  trace(attention, [name], () => attention.forward(y, { mask: causal() })).taps[name]![0]!.read();

test("without a variant nothing is added, and the weights are those of before", async () => {
  const [plain, everything] = [
    await made(),
    await made({ sinks: true, headNorm: (width) => new RMSNorm(width), gate: "head" }),
  ];
  expect([...plain.parameters().keys()].filter((path) => !/^(query|key|value|output)\./u.test(path))).toEqual([]);
  expect([...everything.parameters().keys()].filter((path) => !plain.parameters().has(path))).toEqual([
    "queryNorm.weight",
    "keyNorm.weight",
    "sinks",
    "gate.weight",
    "gate.bias",
  ]);
  for (const [path, parameter] of plain.parameters()) {
    expect(await everything.parameters().get(path)!.host()).toEqual(await parameter.host());
  }
});

test("a bias may be in the input projections alone, and so in the gate", async () => {
  const attention = await made({ gate: "element" }, { bias: { input: true, output: false } });
  expect([...attention.parameters().keys()].filter((path) => path.endsWith("bias"))).toEqual([
    "query.bias",
    "key.bias",
    "value.bias",
    "gate.bias",
  ]);
});

test("each head's contribution adds up to the output, and one that is taken away is missing there", async () => {
  const attention = await made();
  attention.output.bias!.assign(Float64Array.from({ length: d }, (_, i) => i + 1));
  const forward = () => attention.forward(x);
  const { output, taps } = trace(attention, ["contributions"], forward);
  const contributions = taps["contributions"]![0]!;
  expect(contributions.shape).toEqual([b, h, t, d]);
  const plain = await forward().read();
  expectNumbers(await output.read(), plain, 1e-12);
  const without = patch(
    attention,
    { contributions: (y) => mul(y, tensor([1, 0, 1, 1], [1, h, 1, 1], on, "f32")) },
    forward,
  );
  const second = await sum(slice(contributions, 1, 1, 1), 1).read();
  expectNumbers(
    await without.read(),
    plain.map((value, i) => value - second[i]!),
    1e-12,
  );
  // The same by the heads themselves.
  const heads = patch(attention, { heads: (y) => mul(y, tensor([1, 0, 1, 1], [1, h, 1, 1], on, "f32")) }, forward);
  expectNumbers(await heads.read(), await without.read(), 1e-12);
});

test("QK-norm makes the pattern indifferent to the length of queries and keys", async () => {
  const attention = await made({ headNorm: (width) => new RMSNorm(width, { epsilon: 1e-12 }) }, { bias: false });
  const before = await seen(attention, "pattern");
  for (const part of [attention.query, attention.key]) {
    part.weight.assign((await part.weight.host()).map((value) => value * 50));
  }
  expectNumbers(await seen(attention, "pattern"), before, 1e-8);
  const scores = await seen(attention, "scores");
  expect(Math.max(...Array.from(scores, Math.abs))).toBeLessThanOrEqual(Math.sqrt(attention.headWidth) + 1e-9);
});

test("a soft cap bounds the scores, a scale multiplies them", async () => {
  const [plain, capped, scaled] = [await made(), await made({ softCap: 0.01 }), await made({ scale: 3 })];
  const scores = await seen(plain, "scores");
  expect(Math.max(...((await seen(capped, "scores")) as Float64Array))).toBeLessThanOrEqual(0.01);
  expectNumbers(
    await seen(scaled, "scores"),
    Array.from(scores, (score) => score * 3 * Math.SQRT2),
    1e-12,
  );
});

test("a sink begins as one more logit of 0, and takes its share", async () => {
  const attention = await made({ sinks: true });
  expect(await attention.sinks!.host()).toEqual(new Float64Array(h));
  const [scores, pattern] = [await seen(attention, "scores"), await seen(attention, "pattern")];
  expect(pattern[0]).toBeCloseTo(Math.exp(scores[0]!) / (1 + Math.exp(scores[0]!)), 12);
  attention.sinks!.assign(Float64Array.of(50, 50, 50, 50));
  expectNumbers(await attention.forward(x).read(), await zeroHeads(attention), 1e-12);
});

/** The output when every head finds nothing: its bias. */
const zeroHeads = (attention: MultiHeadAttention): Promise<ArrayLike<number>> =>
  attention.output.forward(zeros([b, t, d], on)).read();

test.each([
  ["element", [b, h, t, 2]],
  ["head", [b, h, t, 1]],
] as const)("a gate for each %s is made from x and multiplies what was found", async (gate, shape) => {
  const [plain, gated] = [await made(), await made({ gate })];
  const { taps } = trace(gated, ["gate", "heads"], () => gated.forward(x, { mask: causal() }));
  expect(taps["gate"]![0]!.shape).toEqual(shape);
  const found = await seen(plain, "heads");
  const gates = await sigmoid(gated.gate!.forward(x)).read();
  const heads = await taps["heads"]![0]!.read();
  const k = 2;
  const columns = h * (gate === "element" ? k : 1);
  heads.forEach((value, i) => {
    const [element, position, head, batch] = [
      i % k,
      Math.floor(i / k) % t,
      Math.floor(i / k / t) % h,
      Math.floor(i / k / t / h),
    ];
    const column = gate === "element" ? head * k + element : head;
    expect(value).toBeCloseTo(found[i]! * gates[(batch * t + position) * columns + column]!, 12);
  });
});

test("cross-attention has the same variants", async () => {
  const memory = place(floats([b, 3, d], random(5)), on);
  const crossing = async (variant: AttentionVariant, name: string): Promise<number[]> => {
    const attention = await new MultiHeadCrossAttention({ width: d, heads: h, variant, random: random(2) }).to(on);
    return [...(await trace(attention, [name], () => attention.forward(x, memory)).taps[name]![0]!.read())];
  };
  const scores = await crossing({}, "scores");
  expectNumbers(
    await crossing({ softCap: 0.5 }, "scores"),
    scores.map((score) => 0.5 * Math.tanh(score / 0.5)),
    1e-12,
  );
  expectNumbers(
    await crossing({ scale: 3 }, "scores"),
    scores.map((score) => score * 3 * Math.SQRT2),
    1e-12,
  );
  const pattern = await crossing({ sinks: true }, "pattern");
  const powers = scores.slice(0, 3).map(Math.exp);
  expect(pattern[0]).toBeCloseTo(powers[0]! / powers.reduce((sum, power) => sum + power, 1), 12);
  const gated = await crossing({ gate: "head" }, "heads");
  expect(gated).not.toEqual(await crossing({}, "heads"));
});

test("a pattern of its own joins the mask of each pass", async () => {
  const [own, passed] = [await made({ mask: window(2) }), await made()];
  const expected = await passed.forward(x, { mask: all(causal(), window(2)) }).read();
  expectNumbers(await own.forward(x, { mask: causal() }).read(), expected, 0);
  expectNumbers(await own.forward(x).read(), await passed.forward(x, { mask: window(2) }).read(), 0);
});

test("patterns take turns by layer", () => {
  const near = window(2);
  const pattern = alternating(undefined, near, causal());
  expect([0, 1, 3, 4].map((layer) => pattern(layer) === near)).toEqual([false, true, false, true]);
  expect([pattern(0), pattern(3)]).toEqual([undefined, undefined]);
  expect(() => alternating()).toThrow("alternating: no pattern was given; name one for each turn");
});

test("options that do not fit are refused", () => {
  const make = (variant: AttentionVariant) => () =>
    new MultiHeadAttention({ width: d, heads: 3, variant, random: random(1) });
  expect(make({})).toThrow("MultiHeadAttention: heads 3 does not divide width 8");
  expect(make({ headWidth: 5 })().query.weight.type.shape).toEqual([15, 8]);
  expect(make({ headWidth: 0 })).toThrow("MultiHeadAttention: headWidth must be a whole number from 1 up, got 0");
  expect(make({ headWidth: 2, scale: 0 })).toThrow("MultiHeadAttention: scale must be a finite number above 0, got 0");
  expect(make({ headWidth: 2, softCap: Infinity })).toThrow(
    "MultiHeadAttention: softCap must be a finite number above 0, got Infinity",
  );
  expect(make({ headWidth: 2, gate: "row" as "head" })).toThrow(
    'MultiHeadAttention: gate must be "element" or "head", got "row"',
  );
  expect(() => new MultiHeadCrossAttention({ width: d, heads: 2, memoryWidth: -1, random: random(1) })).toThrow(
    "MultiHeadCrossAttention: memoryWidth must be a whole number from 1 up, got -1",
  );
  const ofSelf: AttentionVariant = { softCap: 2, mask: window(3) };
  expect(() => new MultiHeadCrossAttention({ width: d, heads: 2, variant: ofSelf, random: random(1) })).toThrow(
    "MultiHeadCrossAttention: variant.mask is a pattern of positions in one sequence, and the memory is another; leave it out, and mask each pass",
  );
});
