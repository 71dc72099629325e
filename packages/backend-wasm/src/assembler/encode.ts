// How an instruction is written: operands first, then its opcode. Opcodes: WebAssembly core specification 2.0, and the relaxed SIMD proposal.
import { f32Bytes, f64Bytes, signed, unsigned, type Code, type Type, type Value } from "./value.ts";

export type I32 = Value<"i32"> | number;
export type F32 = Value<"f32"> | number;
export type F64 = Value<"f64"> | number;
export type V128 = Value<"v128"> | number;

export type In = Value<Type> | number;
export type Constant = (x: number) => Code;
export type Op<A extends readonly In[], R extends Type> = (...operands: A) => Value<R>;

export const simd = (op: number): Code => [0xfd, unsigned(op)];

export const constants = {
  i32: (x: number): Code => [0x41, signed(x)],
  f32: (x: number): Code => [0x43, f32Bytes(x)],
  f64: (x: number): Code => [0x44, f64Bytes(x)],
};
const lanes = (count: number, one: (x: number) => readonly number[]): Constant => {
  return (x) => [simd(12), Array.from({ length: count }, () => one(x))];
};
export const f32Lanes: Constant = lanes(4, f32Bytes);
export const f64Lanes: Constant = lanes(2, f64Bytes);
export const i32Lanes: Constant = lanes(4, (x) => [x & 255, (x >> 8) & 255, (x >> 16) & 255, (x >> 24) & 255]);
export const i16Lanes: Constant = lanes(8, (x) => [x & 255, (x >> 8) & 255]);
export const i8Lanes: Constant = lanes(16, (x) => [x & 255]);

/** An instruction: how to write the constants of each operand, its code, and the type of its result. */
export const op = <A extends readonly In[], R extends Type>(
  type: R,
  code: Code,
  ...write: readonly Constant[]
): Op<A, R> => {
  return (...operands) => ({
    type,
    code: [operands.map((x, i) => (typeof x === "number" ? write[i]!(x) : x.code)), code],
  });
};
export type Binary<T extends Type> = Op<readonly [Value<T> | number, Value<T> | number], T>;
export type Unary<T extends Type> = Op<readonly [Value<T> | number], T>;
export type Test<T extends Type> = Op<readonly [Value<T> | number, Value<T> | number], "i32">;
export type Load<R extends Type> = (address: I32, offset?: number) => Value<R>;
export const load = <R extends Type>(type: R, code: Code, align: number): Load<R> => {
  return (address, offset = 0) => ({
    type,
    code: [typeof address === "number" ? constants.i32(address) : address.code, code, align, unsigned(offset)],
  });
};

export type Named<N extends string, T> = { readonly [K in N]: T };
export interface Constants<T extends Type> {
  /** A constant. */
  readonly of: (x: number) => Value<T>;
}
