// Levels of a quantised weight [rows, n], q8 or q4 (two to a byte, the first in the low half), with a scale for each group of neighbours.
import { f32, f32x4, i16x8, i32, i32x4, i8x16, type Local, v128, type Value } from "@tenon/wasm-assembler";

import { integers } from "../constants.ts";
import type { KernelFunc } from "../kernel.ts";

export type Bits = 8 | 4;

/** How many levels {@link loadLevels} reads. */
export const levelsAtOnce = 16;

/** Sixteen levels, the first at `at`, as four vectors of floats. They are 16 bytes for 8 bits, and 8 for 4. */
export function loadLevels(f: KernelFunc, at: Value<"i32">, bits: Bits): Value<"v128">[] {
  const bytes = f.let(bits === 8 ? v128.load(at) : unpackPairs(f, v128.load64Zero(at)));
  return [i16x8.ofLow8Signed(bytes), i16x8.ofHigh8Signed(bytes)].flatMap((eight) => {
    const words = f.let(eight);
    return [f32x4.ofSigned(i32x4.ofLow16Signed(words)), f32x4.ofSigned(i32x4.ofHigh16Signed(words))];
  });
}

/** Eight bytes of two levels each → sixteen signed bytes, in order. */
function unpackPairs(f: KernelFunc, pairs: Value<"v128">): Value<"v128"> {
  const both = f.let(pairs);
  const order = Array.from({ length: 16 }, (_, i) => (i % 2) * 16 + (i >> 1));
  const inOrder = i8x16.shuffle(v128.and(both, integers(0x0f0f0f0f)), i8x16.shr(both, 4), order);
  return i8x16.sub(inOrder, integers(0x08080808));
}

/** Level `index` of the levels that begin at `at`, as a float. */
export function oneLevel(f: KernelFunc, at: Local<"i32">, index: Local<"i32">, bits: Bits): Value<"f32"> {
  if (bits === 8) return f32.ofSigned(i32.load8Signed(i32.add(at, index)));
  const pair = f.let(i32.load8(i32.add(at, i32.shr(index, 1))));
  const level = i32.and(i32.shr(pair, i32.shl(i32.and(index, 1), 2)), 15);
  return f32.ofSigned(i32.sub(level, 8));
}
