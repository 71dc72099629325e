/**
 * The types that a WebAssembly value may have here. The lanes of a v128 are up to the instructions that read it. What is an i32 here has
 * 64 bits in a module whose memory has 64-bit addresses: see lowering.ts.
 */
export type Type = "i32" | "f32" | "f64" | "v128";

/** A function that is called: its number is known once the module is put together. */
export interface Callee {
  readonly callee: object;
}

/** Code that depends on how wide an i32 of the module is: 32 bits, near, or 64, far. */
export interface Either {
  readonly near: Code;
  readonly far: Code;
}
/** A constant as wide as an i32 of the module is. */
export interface Whole {
  readonly whole: number;
}

/** Bytes, nested as the expressions that they come from; written once, when the module is put together. */
export type Code = readonly (number | Callee | Either | Whole | Code)[];

/** Code that leaves one value of type T on the stack. Using it twice computes it twice: name it with `Func.let`. */
export interface Value<T extends Type> {
  readonly type: T;
  readonly code: Code;
}

const typeBytes: { readonly [T in Exclude<Type, "i32">]: Code } = { f32: [0x7d], f64: [0x7c], v128: [0x7b] };
export const typeCode: { readonly [T in Type]: Code } = { ...typeBytes, i32: [{ near: [0x7f], far: [0x7e] }] };
/** The same in the signatures that the module's user sees, where an i32 has 32 bits. */
export const outerTypeCode: { readonly [T in Type]: Code } = { ...typeBytes, i32: [0x7f] };

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

/** LEB128 of a signed whole number from −2⁵³ to 2⁵³. */
export function signed(n: number): number[] {
  const bytes: number[] = [];
  let rest = n;
  for (;;) {
    const low = rest & 127;
    rest = Math.floor(rest / 128);
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
