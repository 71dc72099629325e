// Products of levels with rows of activations that were rounded to levels, too: whole numbers, which an engine multiplies several at a
// time. With relaxed SIMD four bytes meet four bytes, one of them from 0 to 127; without, two 16-bit numbers meet two.
import { i16x8, i32x4, type Local, relaxed, v128, type Value } from "@tenon/wasm-assembler";

import { integers } from "../constants.ts";
import type { Target } from "../kernel.ts";

/** How whole numbers are multiplied on a target. */
export interface DotForm {
  /** Levels of one output in a 32-bit lane: that many neighbours in k are multiplied and summed at once. */
  readonly step: 2 | 4;
  /** Bytes of one activation. */
  readonly bytes: 1 | 2;
  /** An activation x is stored as ⌊x / scale⌉ + zero, and |⌊x / scale⌉| ≤ most. */
  readonly zero: number;
  readonly most: number;
}

/** 7 bits, for more would overflow the instruction's 16-bit sums on some machines; else 11, so that a group's sum fits into 32. */
export const dotForm = ({ relaxed: has }: Target): DotForm =>
  has ? { step: 4, bytes: 1, zero: 64, most: 63 } : { step: 2, bytes: 2, zero: 0, most: 1023 };

/** Levels of one group at most: 128 · 1023 · 16,384 is just below 2³¹. */
export const mostInGroup = 16_384;

/** Bytes of eight outputs' levels for one step; of q8, or of q4 for two steps. */
export const stepBytes = ({ step }: DotForm): number => 8 * step;

/** Two vectors, of four outputs each, of the q8 levels at `at`: one step. */
export function loadStep(target: Target, at: Value<"i32">, offset = 0): [Value<"v128">, Value<"v128">] {
  return target.relaxed
    ? [v128.load(at, offset), v128.load(at, offset + 16)]
    : [v128.load8x8Signed(at, offset), v128.load8x8Signed(at, offset + 8)];
}

/** sums + Σ of the neighbouring products of a step. */
export const dot = (
  target: Target,
  levels: Value<"v128">,
  activations: Value<"v128">,
  sums: Local<"v128">,
): Value<"v128"> =>
  target.relaxed ? relaxed.dot8(levels, activations, sums) : i32x4.add(sums, i32x4.dot16(levels, activations));

const upper = 0xf0f0f0f0;
/** Of packed q4 the levels of the first of two steps, times 16: the low half of each byte. */
export const firstStep = (pairs: Value<"v128">): Value<"v128"> => v128.and(i16x8.shl(pairs, 4), integers(upper));
/** The second step's, times 16: the high half. */
export const secondStep = (pairs: Value<"v128">): Value<"v128"> => v128.and(pairs, integers(upper));
