import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { attentionAttrs, drawAttention, placeAttention } from "../testing/attention-cases.ts";
import type { PlainAttention } from "../testing/plain-attention.ts";
import { bools, floats, plain, type Plain } from "../testing/plain.ts";
import { attention } from "./attention.ts";
import type { MaskTerm } from "./attention-mask.ts";
import type { AttentionAttrs } from "./attention-type.ts";

const on = cpu();
const dice = random(19);
const real = (shape: Shape): Plain => floats(shape, dice);
const whole = (...data: number[]): Plain => ({ dtype: "i32", shape: [data.length], data });
const lengths: MaskTerm = { kind: "lengths", input: 0 };
const interval: MaskTerm = { kind: "interval", input: 0 };
const dense: MaskTerm = { kind: "dense", input: 0 };

describe("refuses", () => {
  const good = drawAttention(real, [2, 4, 3, 2, 2]);
  const refuse =
    (change: Partial<PlainAttention>, attrs: Partial<AttentionAttrs> = {}) =>
    () =>
      attention(placeAttention({ ...good, ...change }, on), attentionAttrs(good, attrs));
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
  test("soft caps that are no cap", () => {
    for (const softCap of [0, -1, Infinity, NaN])
      expect(refuse({}, { softCap })).toThrow(
        `attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: softCap must be a finite number above 0, or null for none, got ${softCap}`,
      );
  });
  test("sinks that are not one for each head", () => {
    expect(refuse({ sinks: real([2]) })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: the sinks must be [4], one for each query head, got [2]]`,
    );
    expect(refuse({ sinks: whole(1, 2, 3, 4) })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: attention: sinks must be f32, got i32; cast() it]`,
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
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: the mask's term {"kind":"lengths","input":0} names a tensor, but the call has 0 of them, after the sinks]`,
    );
    expect(refuse({ masks: [whole(1, 2, 3)] }, { mask: [lengths] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: a mask of lengths must be [2], got [3]]`,
    );
    expect(refuse({ masks: [real([2])] }, { mask: [lengths] })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: attention: a mask of lengths must be i32, got f32; cast() it]`,
    );
    const ends = (b: number, t: number): Plain => plain([b, t, 2], () => 1, "i32");
    expect(refuse({ masks: [ends(3, 3)] }, { mask: [interval] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: a mask of interval must be [2, 3, 2], got [3, 3, 2]]`,
    );
    expect(refuse({ masks: [ends(1, 2)] }, { mask: [interval] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: a mask of interval must be [1, 3, 2], got [1, 2, 2]]`,
    );
    expect(refuse({ masks: [whole(1, 2, 3)] }, { mask: [interval] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: a mask of interval must be [2, 3, 2], got [3]]`,
    );
    expect(refuse({ masks: [real([2, 3, 2])] }, { mask: [interval] })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: attention: a mask of interval must be i32, got f32; cast() it]`,
    );
    expect(refuse({ masks: [ends(1, 3)] }, { mask: [interval] })).not.toThrow();
    expect(refuse({ masks: [real([3, 3])] }, { mask: [dense] })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: attention: a mask of dense must be bool, got f32; cast() it]`,
    );
    expect(refuse({ masks: [bools([7, 1, 1, 3, 3], dice)] }, { mask: [dense] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: attention: q [2, 4, 3, 2], k [2, 2, 3, 2], v [2, 2, 3, 2]: the mask [7, 1, 1, 3, 3] is larger than the scores [2, 4, 3, 3]]`,
    );
  });
});
