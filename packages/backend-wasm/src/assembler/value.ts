/** The types that a WebAssembly value may have here. The lanes of a v128 are up to the instructions that read it. */
export type Type = "i32" | "f32" | "f64" | "v128";

/** A function that is called: its number is known once the module is put together. */
export interface Callee {
  readonly callee: object;
}

/** Bytes, nested as the expressions that they come from; written once, when the module is put together. */
export type Code = readonly (number | Callee | Code)[];

/** Code that leaves one value of type T on the stack. Using it twice computes it twice: name it with `Func.let`. */
export interface Value<T extends Type> {
  readonly type: T;
  readonly code: Code;
}

export const typeByte: { readonly [T in Type]: number } = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

const small = Array.from({ length: 128 }, (_, n) => [n]);
/** LEB128 of a whole number from 0 to 2³² − 1. */
export function unsigned(n: number): readonly number[] {
  if (n >= 0 && n < 128) return small[n]!; // most of them: made once
  const bytes: number[] = [];
  let rest = n >>> 0;
  do {
    const low = rest & 127;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 128);
  } while (rest !== 0);
  return bytes;
}

/** LEB128 of a 32-bit signed whole number. */
export function signed(n: number): number[] {
  const bytes: number[] = [];
  let rest = n | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const last = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    bytes.push(last ? low : low | 128);
    if (last) return bytes;
  }
}

const scratch = new DataView(new ArrayBuffer(8));
/** The four bytes of a number as f32. */
export function f32Bytes(x: number): number[] {
  scratch.setFloat32(0, x, true);
  return [0, 1, 2, 3].map((i) => scratch.getUint8(i));
}
/** The eight bytes of a number as f64. */
export function f64Bytes(x: number): number[] {
  scratch.setFloat64(0, x, true);
  return [0, 1, 2, 3, 4, 5, 6, 7].map((i) => scratch.getUint8(i));
}
