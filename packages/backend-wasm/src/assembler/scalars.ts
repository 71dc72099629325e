// Instructions on single numbers. A plain number stands for a constant.
import {
  constants,
  op,
  load,
  type I32,
  type F32,
  type F64,
  type Op,
  type Binary,
  type Unary,
  type Test,
  type Load,
  type Named,
  type Constants,
} from "./encode.ts";
import { type Value } from "./value.ts";

const integer = {
  two: (code: number): Binary<"i32"> => op("i32", [code], constants.i32, constants.i32),
  test: (code: number): Test<"i32"> => op("i32", [code], constants.i32, constants.i32),
};
/** 32-bit integers. Addresses and counts are unsigned: compare them with `lt`, `ge` …; the signed comparisons are named so. */
export const i32: Constants<"i32"> &
  Named<
    "add" | "sub" | "mul" | "div" | "rem" | "and" | "or" | "xor" | "shl" | "shrSigned" | "shr" | "rotl",
    Binary<"i32">
  > &
  Named<"eq" | "ne" | "ltSigned" | "lt" | "gtSigned" | "gt" | "leSigned" | "le" | "geSigned" | "ge", Test<"i32">> &
  Named<"load" | "load8Signed" | "load8" | "load16Signed" | "load16", Load<"i32">> & {
    readonly eqz: Op<readonly [I32], "i32">;
    readonly truncF32: Op<readonly [F32], "i32">;
    readonly truncF64: Op<readonly [F64], "i32">;
    readonly bitsOf: Op<readonly [F32], "i32">;
  } = {
  of: (x: number): Value<"i32"> => ({ type: "i32", code: constants.i32(x) }),
  add: integer.two(0x6a),
  sub: integer.two(0x6b),
  mul: integer.two(0x6c),
  /** Quotient and remainder of unsigned numbers. */
  div: integer.two(0x6e),
  rem: integer.two(0x70),
  and: integer.two(0x71),
  or: integer.two(0x72),
  xor: integer.two(0x73),
  shl: integer.two(0x74),
  shrSigned: integer.two(0x75),
  shr: integer.two(0x76),
  rotl: integer.two(0x77),
  eqz: op<readonly [I32], "i32">("i32", [0x45], constants.i32),
  eq: integer.test(0x46),
  ne: integer.test(0x47),
  ltSigned: integer.test(0x48),
  lt: integer.test(0x49),
  gtSigned: integer.test(0x4a),
  gt: integer.test(0x4b),
  leSigned: integer.test(0x4c),
  le: integer.test(0x4d),
  geSigned: integer.test(0x4e),
  ge: integer.test(0x4f),
  /** Of a float towards zero, saturating; NaN gives 0. */
  truncF32: op<readonly [F32], "i32">("i32", [0xfc, 0], constants.f32),
  truncF64: op<readonly [F64], "i32">("i32", [0xfc, 2], constants.f64),
  bitsOf: op<readonly [F32], "i32">("i32", [0xbc], constants.f32),
  load: load("i32", [0x28], 2),
  load8Signed: load("i32", [0x2c], 0),
  load8: load("i32", [0x2d], 0),
  load16Signed: load("i32", [0x2e], 1),
  load16: load("i32", [0x2f], 1),
};

const single = {
  one: (code: number): Unary<"f32"> => op("f32", [code], constants.f32),
  two: (code: number): Binary<"f32"> => op("f32", [code], constants.f32, constants.f32),
  test: (code: number): Test<"f32"> => op("i32", [code], constants.f32, constants.f32),
};
/** Single-precision floats. */
export const f32: Constants<"f32"> &
  Named<"abs" | "neg" | "ceil" | "floor" | "nearest" | "sqrt", Unary<"f32">> &
  Named<"add" | "sub" | "mul" | "div" | "min" | "max" | "copysign", Binary<"f32">> &
  Named<"eq" | "ne" | "lt" | "gt" | "le" | "ge", Test<"f32">> &
  Named<"ofSigned" | "ofUnsigned" | "ofBits", Op<readonly [I32], "f32">> & {
    readonly ofF64: Op<readonly [F64], "f32">;
    readonly load: Load<"f32">;
  } = {
  of: (x: number): Value<"f32"> => ({ type: "f32", code: constants.f32(x) }),
  eq: single.test(0x5b),
  ne: single.test(0x5c),
  lt: single.test(0x5d),
  gt: single.test(0x5e),
  le: single.test(0x5f),
  ge: single.test(0x60),
  abs: single.one(0x8b),
  neg: single.one(0x8c),
  ceil: single.one(0x8d),
  floor: single.one(0x8e),
  nearest: single.one(0x90),
  sqrt: single.one(0x91),
  add: single.two(0x92),
  sub: single.two(0x93),
  mul: single.two(0x94),
  div: single.two(0x95),
  /** NaN when either is NaN. */
  min: single.two(0x96),
  max: single.two(0x97),
  copysign: single.two(0x98),
  ofSigned: op<readonly [I32], "f32">("f32", [0xb2], constants.i32),
  ofUnsigned: op<readonly [I32], "f32">("f32", [0xb3], constants.i32),
  ofF64: op<readonly [F64], "f32">("f32", [0xb6], constants.f64),
  ofBits: op<readonly [I32], "f32">("f32", [0xbe], constants.i32),
  load: load("f32", [0x2a], 2),
};

const double = {
  one: (code: number): Unary<"f64"> => op("f64", [code], constants.f64),
  two: (code: number): Binary<"f64"> => op("f64", [code], constants.f64, constants.f64),
  test: (code: number): Test<"f64"> => op("i32", [code], constants.f64, constants.f64),
};
/** Double-precision floats. */
export const f64: Constants<"f64"> &
  Named<"abs" | "neg" | "floor" | "nearest" | "sqrt", Unary<"f64">> &
  Named<"add" | "sub" | "mul" | "div", Binary<"f64">> &
  Named<"lt" | "gt", Test<"f64">> &
  Named<"ofSigned" | "ofUnsigned", Op<readonly [I32], "f64">> & {
    readonly ofF32: Op<readonly [F32], "f64">;
    readonly load: Load<"f64">;
  } = {
  of: (x: number): Value<"f64"> => ({ type: "f64", code: constants.f64(x) }),
  lt: double.test(0x63),
  gt: double.test(0x64),
  abs: double.one(0x99),
  neg: double.one(0x9a),
  floor: double.one(0x9c),
  nearest: double.one(0x9e),
  sqrt: double.one(0x9f),
  add: double.two(0xa0),
  sub: double.two(0xa1),
  mul: double.two(0xa2),
  div: double.two(0xa3),
  ofSigned: op<readonly [I32], "f64">("f64", [0xb7], constants.i32),
  ofUnsigned: op<readonly [I32], "f64">("f64", [0xb8], constants.i32),
  ofF32: op<readonly [F32], "f64">("f64", [0xbb], constants.f32),
  load: load("f64", [0x2b], 3),
};
