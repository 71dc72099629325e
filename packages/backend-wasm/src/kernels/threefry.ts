import { f32x4, i32x4, type Local, shuffle32, v128, type Value } from "@tenon/wasm-assembler";

import { floats, integers } from "../constants.ts";
import type { KernelFunc } from "../kernel.ts";

type Vector = Value<"v128">;

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** The words of a key, and the third that follows from them; `counter` is the block's second word, the key's already added. */
export interface Stream {
  readonly k0: Local<"v128">;
  readonly k1: Local<"v128">;
  readonly k2: Local<"v128">;
  readonly counter: Local<"v128">;
}

/** The numbers of an op's attributes that a kernel takes, to be given to {@link streamOf}. */
export const streamFields = { k0: "i32", k1: "i32", counter: "i32" } as const;
export function streamValues(
  key: readonly [number, number],
  counter: number,
): { k0: number; k1: number; counter: number } {
  const [k0, k1] = [key[0] | 0, key[1] | 0];
  return { k0, k1, counter: (counter + k1) | 0 }; // of doubles, as threefry() of tensor adds them
}

export function streamOf(
  f: KernelFunc,
  { k0, k1, counter }: { [K in keyof typeof streamFields]: Local<"i32"> },
): Stream {
  const [first, second] = [f.let(i32x4.splat(k0)), f.let(i32x4.splat(k1))];
  const third = v128.xor(v128.xor(first, second), i32x4.of(0x1bd11bda));
  return { k0: first, k1: second, k2: f.let(third), counter: f.let(i32x4.splat(counter)) };
}

/**
 * Sixteen numbers in [0, 1): those of Threefry-2x32's blocks `block` to `block` + 7 (Salmon et al. 2011, "Parallel random numbers: as
 * easy as 1, 2, 3"). Four blocks side by side, and twice that by turns: each step waits for the one before.
 */
export function sixteenUniform(f: KernelFunc, { k0, k1, k2, counter }: Stream, block: Value<"i32">): Vector[] {
  const first = f.let(i32x4.add(i32x4.splat(block), i32x4.add(i32x4.list(0, 1, 2, 3), k0)));
  const states = [
    { x0: first, x1: f.let(counter) },
    { x0: f.let(i32x4.add(first, integers(4))), x1: f.let(counter) },
  ];
  const keys = [k0, k1, k2] as const;
  for (let group = 1; group <= 5; group++) {
    for (const turn of rotations[(group - 1) % 2]!) {
      for (const { x0, x1 } of states) x0.set(i32x4.add(x0, x1));
      for (const { x0, x1 } of states) x1.set(v128.xor(v128.or(i32x4.shl(x1, turn), i32x4.shr(x1, 32 - turn)), x0));
    }
    for (const { x0, x1 } of states) {
      x0.set(i32x4.add(x0, keys[group % 3]!));
      x1.set(i32x4.add(i32x4.add(x1, keys[(group + 1) % 3]!), integers(group)));
    }
  }
  return states.flatMap(({ x0, x1 }) => {
    for (const word of [x0, x1]) word.set(f32x4.mul(f32x4.ofSigned(i32x4.shr(word, 8)), floats(2 ** -24)));
    return [shuffle32(x0, x1, 0, 4, 1, 5), shuffle32(x0, x1, 2, 6, 3, 7)];
  });
}
