// Constants of kernels, in memory. V8 puts a vector constant together anew wherever it is used, in five instructions, three of which
// compete with the arithmetic; to load a number into all lanes is one that does not. A variable is better still while there are registers.
import { i32, v128, type Value } from "@tenon/wasm-assembler";

import type { WasmMemory } from "./memory/wasm-memory.ts";

/** Where they lie, up to {@link end}. */
const first = 2560;
const end = 4096;

/** The place of each constant that some kernel has asked for, by its bits; the same in every engine. */
const places = new Map<number, number>();
const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);

function constant(): Value<"v128"> {
  const word = bits[0]!;
  let at = places.get(word);
  if (at === undefined) {
    at = first + 4 * places.size;
    if (at >= end) throw new RangeError(`the kernels ask for more than ${(end - first) / 4} constants`);
    places.set(word, at);
  }
  return v128.splat32(i32.of(at));
}

/** A float in each of four lanes. */
export function floats(x: number): Value<"v128"> {
  asFloat[0] = x;
  return constant();
}
/** A 32-bit whole number in each of four lanes. */
export function integers(x: number): Value<"v128"> {
  bits[0] = x;
  return constant();
}

/** Puts the constants of all kernels that were built into a memory. */
export function writeConstants({ i32: words }: WasmMemory): void {
  for (const [word, at] of places) words[at / 4] = word;
}
