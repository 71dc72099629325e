import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Shape } from "../shape.ts";
import { expectClose, expectNumbers, place } from "../testing/op-case.ts";
import { plainAttention, type PlainAttention } from "../testing/plain-attention.ts";
import { bools, floats, plain, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import {
  attention,
  denseMask,
  explicitAttention,
  type AttentionAttrs,
  type AttentionInputs,
  type MaskTerm,
} from "./attention.ts";
import { expand, sum } from "./reduce.ts";
import { slice } from "./slice.ts";

const on = cpu({ precision: "f64" });
const dice = random(19);
const real = (shape: Shape): Plain => floats(shape, dice);
const whole = (...data: number[]): Plain => ({ dtype: "i32", shape: [data.length], data });
const causal: MaskTerm = { kind: "causal" };
const lengths: MaskTerm = { kind: "lengths", input: 0 };
const dense: MaskTerm = { kind: "dense", input: 0 };
const heads = (b: number, h: number, t: number, k: number, keyHeads = h, s = t, valueWidth = k): PlainAttention => ({
  q: real([b, h, t, k]),
  k: real([b, keyHeads, s, k]),
  v: real([b, keyHeads, s, valueWidth]),
});
const inputsOf = ({ q, k, v, bias, masks = [] }: PlainAttention): AttentionInputs => [
  place(q, on),
  place(k, on),
  place(v, on),
  bias && place(bias, on),
  ...masks.map((mask) => place(mask, on)),
];
const attrsOf = ({ k }: PlainAttention, attrs: Partial<AttentionAttrs> = {}): AttentionAttrs => ({
  scale: 0.7,
  mask: [],
  queryOffset: 0,
  keyLength: k.shape[2]!,
  ...attrs,
});

describe("agrees with plain loops", () => {
  const cases: [string, PlainAttention, Partial<AttentionAttrs>?][] = [
    ["everything allowed", heads(2, 3, 4, 5)],
    ["one query, one key", heads(1, 1, 1, 1)],
    ["values of another width", heads(2, 2, 3, 4, 2, 5, 7)],
    ["causal", heads(2, 2, 5, 3), { mask: [causal] }],
    ["causal, one new query at position 6", heads(1, 2, 1, 4, 2, 7), { mask: [causal], queryOffset: 6 }],
    [
      "causal, two new queries, keys filled up to 5 of 9",
      heads(1, 2, 2, 4, 2, 9),
      { mask: [causal], queryOffset: 3, keyLength: 5 },
    ],
    ["three query heads to a key head", heads(2, 6, 3, 2, 2), { mask: [causal] }],
    [
      "all query heads to one key head, a cache half full",
      heads(2, 4, 2, 3, 1, 8),
      { mask: [causal], queryOffset: 2, keyLength: 4 },
    ],
    ["window", heads(1, 2, 6, 2), { mask: [{ kind: "window", size: 2 }] }],
    ["causal window", heads(1, 2, 6, 2), { mask: [causal, { kind: "window", size: 3 }] }],
    [
      "causal window beyond the start",
      heads(1, 1, 2, 2, 1, 8),
      { mask: [causal, { kind: "window", size: 2 }], queryOffset: 5, keyLength: 7 },
    ],
    ["lengths", { ...heads(3, 2, 4, 2), masks: [whole(4, 1, 0)] }, { mask: [lengths] }],
    ["lengths and causal", { ...heads(2, 2, 4, 2), masks: [whole(2, 3)] }, { mask: [causal, lengths] }],
    [
      "dense, for every head and batch",
      { ...heads(2, 2, 3, 2), masks: [bools([2, 2, 3, 3], dice)] },
      { mask: [dense] },
    ],
    ["dense, broadcast", { ...heads(2, 2, 3, 2), masks: [bools([2, 1, 1, 3], dice)] }, { mask: [dense] }],
    [
      "dense second among the tensors",
      { ...heads(2, 1, 3, 2), masks: [whole(3, 2), bools([3, 3], dice)] },
      { mask: [{ kind: "dense", input: 1 }, lengths] },
    ],
    ["bias for every head", { ...heads(2, 2, 3, 2), bias: real([2, 3, 3]) }],
    [
      "bias and causal over a cache",
      { ...heads(1, 2, 2, 2, 1, 6), bias: real([1, 2, 2, 4]) },
      { mask: [causal], queryOffset: 2, keyLength: 4 },
    ],
    ["no key filled yet", heads(1, 2, 2, 3, 2, 4), { keyLength: 0 }],
    ["no query", heads(1, 2, 0, 3, 2, 4)],
  ];
  test.each(cases)("%s", async (_, tensors, attrs) => {
    const y = scoped(() => attention(inputsOf(tensors), attrsOf(tensors, attrs)));
    await expectClose(y, plainAttention(tensors, attrsOf(tensors, attrs)), 1e-12);
  });
});

test("a query that may see nothing gives zeros, and gradients of zero", async () => {
  const tensors: PlainAttention = { ...heads(2, 2, 3, 2), masks: [whole(0, 2)] };
  const [q, k, v] = [tensors.q, tensors.k, tensors.v].map((x) => Variable.holding(place(x, on))) as [
    Variable,
    Variable,
    Variable,
  ];
  const rest = inputsOf(tensors).slice(4) as ReturnType<typeof place>[];
  const weight = place(real([2, 2, 3, 2]), on);
  const { value, gradients } = differentiate([q, k, v], () =>
    sum(mul(attention([q.value, k.value, v.value, undefined, ...rest], attrsOf(tensors, { mask: [lengths] })), weight)),
  );
  expect(Number.isFinite((await value.read())[0])).toBe(true);
  for (const gradient of gradients) {
    const data = await gradient!.read();
    expect(data.every(Number.isFinite)).toBe(true);
    expect(data.subarray(0, data.length / 2).every((x) => x === 0)).toBe(true); // the first of the batch, which sees nothing
    expect(data.some((x) => x !== 0)).toBe(true);
  }
});

test("what lies beyond keyLength does not matter, and gets no gradient", async () => {
  const tensors = heads(1, 1, 2, 2, 1, 4);
  const poisoned = (x: Plain): Plain => ({ ...x, data: x.data.map((value, i) => (i < 6 ? value : NaN)) });
  const attrs = attrsOf(tensors, { keyLength: 3 });
  const [clean, dirty] = [tensors, { ...tensors, k: poisoned(tensors.k), v: poisoned(tensors.v) }].map((each) =>
    attention(inputsOf(each), attrs),
  );
  expect(await dirty!.read()).toEqual(await clean!.read());
  const k = Variable.holding(place(tensors.k, on));
  const { gradients } = differentiate([k], () =>
    sum(attention([place(tensors.q, on), k.value, place(tensors.v, on), undefined], attrs)),
  );
  expect((await gradients[0]!.read()).slice(6)).toEqual(Float64Array.of(0, 0));
});

test("decoding one query at a time gives what all at once gives", async () => {
  const tensors = heads(1, 2, 5, 3);
  const [q, k, v] = inputsOf(tensors);
  const whole = await attention([q, k, v, undefined], attrsOf(tensors, { mask: [causal] })).read();
  for (let t = 0; t < 5; t++) {
    const step = attention(
      [slice(q, 2, t, 1), k, v, undefined],
      attrsOf(tensors, { mask: [causal], queryOffset: t, keyLength: t + 1 }),
    );
    expectNumbers(
      await step.read(),
      [0, 1].flatMap((h) => [...whole.slice((h * 5 + t) * 3, (h * 5 + t + 1) * 3)]),
      1e-14,
    );
  }
});

test("the explicit path shows its scores and pattern, and takes others in their place", async () => {
  const tensors = heads(1, 2, 3, 2);
  const attrs = attrsOf(tensors, { mask: [causal] });
  const seen: [string, Shape][] = [];
  const y = explicitAttention(inputsOf(tensors), attrs, (name, x) => {
    seen.push([name, x.shape]);
    return x;
  });
  await expectClose(y, plainAttention(tensors, attrs), 1e-12);
  expect(seen).toEqual([
    ["scores", [1, 2, 3, 3]],
    ["pattern", [1, 2, 3, 3]],
  ]);
  const even = explicitAttention(inputsOf(tensors), attrs, (name, x) =>
    name === "pattern" ? expand(tensor([1 / 3], [1], on), x.shape) : x,
  );
  const mean = plain([1, 2, 3, 2], ([, h, , c]) =>
    [0, 1, 2].reduce((total, key) => total + tensors.v.data[(h! * 3 + key) * 2 + c!]! / 3, 0),
  );
  await expectClose(even, mean, 1e-7);
});

test("denseMask gives the terms' conjunction, and nothing for no terms", async () => {
  const at = { queries: 2, keys: 4, queryOffset: 1, on };
  expect(denseMask([], [], at)).toBe(undefined);
  expect(await denseMask([causal, { kind: "window", size: 2 }], [], at)!.read()).toEqual(
    Uint8Array.of(1, 1, 0, 0, 0, 1, 1, 0),
  );
});

describe("refuses", () => {
  const good = heads(2, 4, 3, 2, 2);
  const refuse =
    (change: Partial<PlainAttention>, attrs: Partial<AttentionAttrs> = {}) =>
    () =>
      attention(inputsOf({ ...good, ...change }), attrsOf(good, attrs));
  test("tensors whose sizes differ", () => {
    expect(refuse({ q: real([4, 3, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: each must be [b, h, t, k]]`,
    );
    expect(refuse({ k: real([1, 2, 3, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [1, 2, 3, 2], v [2, 2, 3, 2]: the batch sizes differ]`,
    );
    expect(refuse({ k: real([2, 2, 3, 5]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 5], v [2, 2, 3, 2]: queries and keys differ in width]`,
    );
    expect(refuse({ v: real([2, 2, 4, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 4, 2]: keys and values differ]`,
    );
    expect(refuse({ q: real([2, 3, 3, 2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 3, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: 3 query heads cannot share 2 key heads evenly]`,
    );
    expect(
      refuse({ q: { ...good.q, dtype: "i32", data: good.q.data.map(Math.trunc) } }),
    ).toThrowErrorMatchingInlineSnapshot(`[DTypeError: attention: q must be f32, f16 or bf16, got i32; cast() it]`);
  });
  test("attributes that do not fit", () => {
    expect(refuse({}, { keyLength: 4 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: keyLength must be a whole number from 0 to 3, got 4]`,
    );
    expect(refuse({}, { keyLength: 1.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: keyLength must be a whole number from 0 to 3, got 1.5]`,
    );
    expect(refuse({}, { queryOffset: 0.5 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: queryOffset must be a whole number, got 0.5]`,
    );
    expect(refuse({}, { mask: [{ kind: "window", size: 0 }] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: a window's size must be a whole number from 1 up, got 0]`,
    );
  });
  test("masks and biases that do not fit", () => {
    expect(refuse({ bias: real([5, 3, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: shapes [2, 4, 3, 3] and [5, 3, 3] do not broadcast: axis -3 is 4 against 5]`,
    );
    expect(refuse({ bias: real([3, 2, 4, 3, 3]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: the bias [3, 2, 4, 3, 3] is larger than the scores [2, 4, 3, 3]]`,
    );
    expect(refuse({}, { mask: [lengths] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: the mask's term {"kind":"lengths","input":0} names a tensor, but the call has 0 after the bias]`,
    );
    expect(refuse({ masks: [whole(1, 2, 3)] }, { mask: [lengths] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: lengths must be [2], got [3]]`,
    );
    expect(refuse({ masks: [real([2])] }, { mask: [lengths] })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: attention: a mask of lengths must be i32, got f32; cast() it]`,
    );
    expect(refuse({ masks: [real([3, 3])] }, { mask: [dense] })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: attention: a mask of dense must be bool, got f32; cast() it]`,
    );
    expect(refuse({ masks: [bools([7, 1, 1, 3, 3], dice)] }, { mask: [dense] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: the mask [7, 1, 1, 3, 3] is larger than the scores [2, 4, 3, 3]]`,
    );
  });
});
