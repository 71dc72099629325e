// What instructions on vectors have in common.
import { simd, constants, op, operand, type I32, type V128, type Constant, type Op } from "./encode.ts";
import { widen } from "./lowering.ts";
import { type Type, type Value } from "./value.ts";

export type Vector = Op<readonly [V128], "v128">;
export type Vectors = Op<readonly [V128, V128], "v128">;
export type Shift = (x: Value<"v128">, by: I32) => Value<"v128">;
export type Lane<R extends Type> = (x: Value<"v128">, at: number) => Value<R>;
export const vector = (constant: Constant) => ({
  one: (code: number): Vector => op("v128", simd(code), constant),
  two: (code: number): Vectors => op("v128", simd(code), constant, constant),
  shift: (code: number): Shift => op("v128", simd(code), constant, constants.word),
});
export const lane = <R extends Type>(type: R, code: number): Lane<R> => {
  const after = type === "i32" ? [widen] : [];
  return (x, at) => ({ type, code: [x.code, simd(code), at, ...after] });
};
export type Replace<T extends Type> = (x: Value<"v128">, at: number, value: Value<T> | number) => Value<"v128">;
export const replaced = <T extends "i32" | "f32">(type: T, code: number): Replace<T> => {
  const write = type === "i32" ? constants.word : constants.f32;
  return (x, at, value) => ({ type: "v128", code: [x.code, operand(value, write), simd(code), at] });
};
