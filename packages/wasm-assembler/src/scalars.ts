// Instructions on single numbers. A plain number stands for a constant.
import {
  constants,
  op,
  load,
  wholeOp,
  wholeTest,
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
import { arithmetic, comparison, truth, widen } from "./lowering.ts";
import { type Value } from "./value.ts";

const integer = {
  two: (code: number): Binary<"i32"> => wholeOp(arithmetic(code)),
  test: (code: number): Test<"i32"> => wholeTest(comparison(code)),
};
/**
 * Integers that addresses fit into: of 32 bits, or of 64 where the memory is beyond 4 GiB. Addresses and counts are unsigned: compare them
 * with `lt`, `ge` …; the signed comparisons are named so. Of data, which have 32 bits in memory, they hold the value with its sign; what
 * depends on the 32 bits, as shifting bits out at the top does, is done by {@link word32}.
 */
export const i32: Constants<"i32"> &
  Named<"add" | "sub" | "mul" | "div" | "rem" | "and" | "or" | "xor" | "shl" | "shrSigned" | "shr", Binary<"i32">> &
  Named<"eq" | "ne" | "ltSigned" | "lt" | "gtSigned" | "gt" | "leSigned" | "le" | "geSigned" | "ge", Test<"i32">> &
  Named<"load" | "loadUnsigned" | "loadAddress" | "load8Signed" | "load8" | "load16Signed" | "load16", Load<"i32">> & {
    readonly eqz: (x: Value<"i32">) => Value<"i32">;
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
  eqz: (x: Value<"i32">): Value<"i32"> => ({ type: "i32", code: [truth(x), 0x45, widen] }),
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
  /** A number, with its sign. */
  load: load("i32", [{ near: [0x28], far: [0x34] }], 2),
  /** A count or a distance, which may be 2³¹ or more. */
  loadUnsigned: load("i32", [{ near: [0x28], far: [0x35] }], 2),
  /** As many bytes as an address has in the module. */
  loadAddress: load("i32", [{ near: [0x28, 2], far: [0x29, 3] }]),
  load8Signed: load("i32", [{ near: [0x2c], far: [0x30] }], 0),
  load8: load("i32", [{ near: [0x2d], far: [0x31] }], 0),
  load16Signed: load("i32", [{ near: [0x2e], far: [0x32] }], 1),
  load16: load("i32", [{ near: [0x2f], far: [0x33] }], 1),
};

const bits = (code: number): Binary<"i32"> => op("i32", [code], constants.word, constants.word);
/** 32-bit words of data: what wraps around at 2³², or moves bits to the top of a word and back. */
export const word32: Named<"add" | "sub" | "mul" | "shl" | "shrSigned" | "shr" | "rotl", Binary<"i32">> = {
  add: bits(0x6a),
  sub: bits(0x6b),
  mul: bits(0x6c),
  shl: bits(0x74),
  shrSigned: bits(0x75),
  shr: bits(0x76),
  rotl: bits(0x77),
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
  ofSigned: op<readonly [I32], "f32">("f32", [0xb2], constants.word),
  ofUnsigned: op<readonly [I32], "f32">("f32", [0xb3], constants.word),
  ofF64: op<readonly [F64], "f32">("f32", [0xb6], constants.f64),
  ofBits: op<readonly [I32], "f32">("f32", [0xbe], constants.word),
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
  ofSigned: op<readonly [I32], "f64">("f64", [0xb7], constants.word),
  ofUnsigned: op<readonly [I32], "f64">("f64", [0xb8], constants.word),
  ofF32: op<readonly [F32], "f64">("f64", [0xbb], constants.f32),
  load: load("f64", [0x2b], 3),
};
