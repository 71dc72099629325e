import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Shape } from "../shape.ts";
import { attentionAttrs, drawAttention, placeAttention, type AttentionSizes } from "../testing/attention-cases.ts";
import { expectClose, expectNumbers, place } from "../testing/op-case.ts";
import { plainAttention, plainWeights, type PlainAttention } from "../testing/plain-attention.ts";
import { bools, floats, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { attention, attentionWithWeights } from "./attention.ts";
import type { MaskTerm } from "./attention-mask.ts";
import type { AttentionAttrs } from "./attention-type.ts";
import { sum } from "./reduce.ts";
import { slice } from "./slice.ts";

const on = cpu({ precision: "f64" });
const dice = random(19);
const real = (shape: Shape): Plain => floats(shape, dice);
const heads = (...sizes: AttentionSizes): PlainAttention => drawAttention(real, sizes);
const whole = (...data: number[]): Plain => ({ dtype: "i32", shape: [data.length], data });
const causal: MaskTerm = { kind: "causal" };
const lengths: MaskTerm = { kind: "lengths", input: 0 };
const interval: MaskTerm = { kind: "interval", input: 0 };
/** Of each query of each sequence, or of all. */
const intervals = (...data: number[]): Plain => ({
  dtype: "i32",
  shape: data.length === 4 ? [1, 2, 2] : [2, 3, 2],
  data,
});
const dense: MaskTerm = { kind: "dense", input: 0 };

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
      "intervals: left padding, a document and nothing",
      { ...heads(2, 2, 3, 2), masks: [intervals(1, 3, 1, 3, 1, 3, 0, 2, 0, 2, 2, 2)] },
      { mask: [interval] },
    ],
    [
      "intervals for the whole batch, over a cache",
      { ...heads(2, 2, 2, 2, 1, 6), masks: [intervals(-1, 3, 2, 99)] },
      { mask: [causal, interval], queryOffset: 2, keyLength: 4 },
    ],
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
    ["soft cap", heads(2, 2, 3, 4), { softCap: 1.25 }],
    ["soft cap and bias, which is not capped", { ...heads(1, 2, 3, 2), bias: real([3, 3]) }, { softCap: 0.5 }],
    ["sinks", { ...heads(2, 3, 3, 2), sinks: real([3]) }],
    ["sinks, causal", { ...heads(1, 4, 3, 2, 2), sinks: real([4]) }, { mask: [causal] }],
    [
      "sinks, bias, soft cap, dense mask",
      { ...heads(2, 2, 3, 2), bias: real([3]), sinks: real([2]), masks: [bools([2, 1, 3, 3], dice)] },
      { mask: [dense], softCap: 2 },
    ],
    ["sinks and no key filled yet", { ...heads(1, 2, 2, 3, 2, 4), sinks: real([2]) }, { keyLength: 0 }],
  ];
  test.each(cases)("%s", async (_, tensors, attrs) => {
    const y = scoped(() => attention(placeAttention(tensors, on), attentionAttrs(tensors, attrs)));
    await expectClose(y, plainAttention(tensors, attentionAttrs(tensors, attrs)), 1e-12);
  });
});

test("a query that may see nothing gives zeros, and gradients of zero", async () => {
  const tensors: PlainAttention = { ...heads(2, 2, 3, 2), masks: [whole(0, 2)] };
  const [q, k, v] = [tensors.q, tensors.k, tensors.v].map((x) => Variable.holding(place(x, on))) as [
    Variable,
    Variable,
    Variable,
  ];
  const rest = placeAttention(tensors, on).slice(5) as ReturnType<typeof place>[];
  const weight = place(real([2, 2, 3, 2]), on);
  const { value, gradients } = differentiate([q, k, v], () =>
    sum(
      mul(
        attention(
          [q.value, k.value, v.value, undefined, undefined, ...rest],
          attentionAttrs(tensors, { mask: [lengths] }),
        ),
        weight,
      ),
    ),
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
  const attrs = attentionAttrs(tensors, { keyLength: 3 });
  const [clean, dirty] = [tensors, { ...tensors, k: poisoned(tensors.k), v: poisoned(tensors.v) }].map((each) =>
    attention(placeAttention(each, on), attrs),
  );
  expect(await dirty!.read()).toEqual(await clean!.read());
  const k = Variable.holding(place(tensors.k, on));
  const { gradients } = differentiate([k], () =>
    sum(attention([place(tensors.q, on), k.value, place(tensors.v, on), undefined, undefined], attrs)),
  );
  expect((await gradients[0]!.read()).slice(6)).toEqual(Float64Array.of(0, 0));
});

test("decoding one query at a time gives what all at once gives", async () => {
  const tensors = heads(1, 2, 5, 3);
  const [q, k, v] = placeAttention(tensors, on);
  const whole = await attention([q, k, v, undefined, undefined], attentionAttrs(tensors, { mask: [causal] })).read();
  for (let t = 0; t < 5; t++) {
    const step = attention(
      [slice(q, 2, t, 1), k, v, undefined, undefined],
      attentionAttrs(tensors, { mask: [causal], queryOffset: t, keyLength: t + 1 }),
    );
    expectNumbers(
      await step.read(),
      [0, 1].flatMap((h) => [...whole.slice((h * 5 + t) * 3, (h * 5 + t + 1) * 3)]),
      1e-14,
    );
  }
});

describe("with its weights", () => {
  const tensors: PlainAttention = { ...heads(2, 4, 3, 2, 2, 5), sinks: real([4]), masks: [whole(4, 0)] };
  const attrs = attentionAttrs(tensors, { mask: [causal, lengths], queryOffset: 1, softCap: 2 });
  test("gives what attention gives, and the pattern", async () => {
    const before = on.memory().tensors;
    const made = scoped(() => attentionWithWeights(placeAttention(tensors, on), attrs));
    expect(on.memory().tensors).toBe(before + 2);
    await expectClose(made.output, plainAttention(tensors, attrs), 1e-12);
    await expectClose(made.weights, plainWeights(tensors, attrs), 1e-12);
  });
  test("the sink's share is no key's: rows sum to 1 without sinks, to less with them, and to 0 where nothing is seen", async () => {
    for (const [sinks, least, most] of [
      [undefined, 1 - 1e-12, 1 + 1e-12],
      [tensors.sinks, 1e-6, 1 - 1e-6],
    ] as const) {
      const { weights } = attentionWithWeights(placeAttention({ ...tensors, sinks }, on), attrs);
      const totals = await sum(weights, -1).read();
      expect(totals.slice(0, 12).every((x) => x >= least && x <= most)).toBe(true);
      expect(totals.slice(12)).toEqual(new Float64Array(12));
    }
  });
  test("refuses what attention refuses", () => {
    const call = (): unknown => attentionWithWeights(placeAttention(tensors, on), { ...attrs, keyLength: 9 });
    expect(call).toThrow(
      "attention: q [2, 4, 3, 2], k [2, 2, 5, 2], v [2, 2, 5, 2]: keyLength must be a whole number from 0 to 5, got 9",
    );
  });
});
