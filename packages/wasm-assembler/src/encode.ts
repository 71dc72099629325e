// How an instruction is written: operands first, then its opcode. Opcodes: WebAssembly core specification 2.0, and the relaxed SIMD proposal.
import { narrow, widen } from "./lowering.ts";
import { f32Bytes, f64Bytes, signed, unsigned, type Code, type Either, type Type, type Value } from "./value.ts";

export type I32 = Value<"i32"> | number;
export type F32 = Value<"f32"> | number;
export type F64 = Value<"f64"> | number;
export type V128 = Value<"v128"> | number;

export type In = Value<Type> | number;
export type Constant = (x: number) => Code;
export type Op<A extends readonly In[], R extends Type> = (...operands: A) => Value<R>;

export const simd = (op: number): Code => [0xfd, unsigned(op)];

export const constants = {
  i32: (x: number): Code => [{ whole: x }],
  /** Of an instruction that takes 32 bits, in every module. */
  word: (x: number): Code => [0x41, signed(x | 0)],
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

/** An operand: a constant as `write` writes it, anything else as it is, of 32 bits where `write` says that it is a word. */
export const operand = (x: In, write: Constant): Code => {
  if (typeof x === "number") return write(x);
  return write === constants.word ? [x.code, narrow] : x.code;
};
/**
 * An instruction: how to write the constants of each operand, its code, and the type of its result. It is the same in every module: whole
 * numbers that it takes or gives have 32 bits.
 */
export const op = <A extends readonly In[], R extends Type>(
  type: R,
  code: Code,
  ...write: readonly Constant[]
): Op<A, R> => {
  const after = type === "i32" ? [widen] : [];
  return (...operands) => ({
    type,
    code: [operands.map((x, i) => operand(x, write[i]!)), code, ...after],
  });
};
/** An instruction on numbers that are as wide as the module's i32, and one that compares them. */
export const wholeOp = (code: Either): Binary<"i32"> => {
  return (...operands) => ({ type: "i32", code: [operands.map((x) => operand(x, constants.i32)), code] });
};
export const wholeTest = (code: Either): Test<"i32"> => {
  return (...operands) => ({ type: "i32", code: [operands.map((x) => operand(x, constants.i32)), code, widen] });
};
export type Binary<T extends Type> = Op<readonly [Value<T> | number, Value<T> | number], T>;
export type Unary<T extends Type> = Op<readonly [Value<T> | number], T>;
export type Test<T extends Type> = Op<readonly [Value<T> | number, Value<T> | number], "i32">;
export type Load<R extends Type> = (address: I32, offset?: number) => Value<R>;
/** A load; `code` ends with its alignment where `align` is not given. */
export const load = <R extends Type>(type: R, code: Code, ...align: readonly [number] | readonly []): Load<R> => {
  return (address, offset = 0) => ({
    type,
    code: [operand(address, constants.i32), code, ...align, unsigned(offset)],
  });
};

export type Named<N extends string, T> = { readonly [K in N]: T };
export interface Constants<T extends Type> {
  /** A constant. */
  readonly of: (x: number) => Value<T>;
}
