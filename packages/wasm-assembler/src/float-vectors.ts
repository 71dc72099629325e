// Instructions on whole vectors and on their floats. A plain number stands for a constant in every lane.
import {
  simd,
  constants,
  f32Lanes,
  f64Lanes,
  i32Lanes,
  i8Lanes,
  op,
  load,
  type F32,
  type F64,
  type V128,
  type Op,
  type Load,
  type Named,
  type Constants,
} from "./encode.ts";
import { type Vector, type Vectors, type Lane, vector, lane, type Replace, replaced } from "./lanes.ts";
import { f32Bytes, type Value } from "./value.ts";

const anyLanes = vector(i32Lanes);
/** Whole vectors, whatever their lanes. */
export const v128: Named<
  | "load"
  | "load8x8Signed"
  | "load8x8"
  | "load16x4Signed"
  | "load16x4"
  | "splat8"
  | "splat16"
  | "splat32"
  | "splat64"
  | "load32Zero"
  | "load64Zero",
  Load<"v128">
> &
  Named<"and" | "andNot" | "or" | "xor", Vectors> & {
    readonly not: Vector;
    readonly select: (a: Value<"v128">, b: Value<"v128">, mask: Value<"v128">) => Value<"v128">;
    readonly anyTrue: Op<readonly [V128], "i32">;
  } = {
  load: load("v128", simd(0), 4),
  /** Eight bytes, each widened to 16 bits. */
  load8x8Signed: load("v128", simd(1), 3),
  load8x8: load("v128", simd(2), 3),
  /** Four 16-bit numbers, each widened to 32 bits. */
  load16x4Signed: load("v128", simd(3), 3),
  load16x4: load("v128", simd(4), 3),
  splat8: load("v128", simd(7), 0),
  splat16: load("v128", simd(8), 1),
  splat32: load("v128", simd(9), 2),
  splat64: load("v128", simd(10), 3),
  /** The low 32 or 64 bits from memory, zeros above. */
  load32Zero: load("v128", simd(92), 2),
  load64Zero: load("v128", simd(93), 3),
  not: anyLanes.one(77),
  and: anyLanes.two(78),
  andNot: anyLanes.two(79),
  or: anyLanes.two(80),
  xor: anyLanes.two(81),
  /** Bits of a where the mask has ones, else of b. */
  select: (a: Value<"v128">, b: Value<"v128">, mask: Value<"v128">): Value<"v128"> => ({
    type: "v128",
    code: [a.code, b.code, mask.code, simd(82)],
  }),
  anyTrue: op<readonly [V128], "i32">("i32", simd(83), i32Lanes),
};

const f32v = vector(f32Lanes);
/** Four floats. */
export const f32x4: Constants<"v128"> &
  Named<"ceil" | "floor" | "nearest" | "abs" | "neg" | "sqrt" | "ofSigned" | "ofUnsigned" | "ofF64", Vector> &
  Named<
    "eq" | "ne" | "lt" | "gt" | "le" | "ge" | "add" | "sub" | "mul" | "div" | "min" | "max" | "pmin" | "pmax",
    Vectors
  > & {
    readonly list: (...x: readonly [number, number, number, number]) => Value<"v128">;
    readonly splat: Op<readonly [F32], "v128">;
    readonly lane: Lane<"f32">;
    readonly replace: Replace<"f32">;
  } = {
  of: (x: number): Value<"v128"> => ({ type: "v128", code: f32Lanes(x) }),
  /** Four different constants. */
  list: (...x: readonly [number, number, number, number]): Value<"v128"> => ({
    type: "v128",
    code: [simd(12), x.map(f32Bytes)],
  }),
  splat: op<readonly [F32], "v128">("v128", simd(19), constants.f32),
  lane: lane("f32", 31),
  replace: replaced("f32", 32),
  eq: f32v.two(65),
  ne: f32v.two(66),
  lt: f32v.two(67),
  gt: f32v.two(68),
  le: f32v.two(69),
  ge: f32v.two(70),
  ceil: f32v.one(103),
  floor: f32v.one(104),
  nearest: f32v.one(106),
  abs: f32v.one(224),
  neg: f32v.one(225),
  sqrt: f32v.one(227),
  add: f32v.two(228),
  sub: f32v.two(229),
  mul: f32v.two(230),
  div: f32v.two(231),
  /** NaN when either is NaN. */
  min: f32v.two(232),
  max: f32v.two(233),
  /** b where b < a (pmin) or a < b (pmax), else a: one instruction; a when either is NaN. */
  pmin: f32v.two(234),
  pmax: f32v.two(235),
  ofSigned: op<readonly [V128], "v128">("v128", simd(250), i32Lanes),
  ofUnsigned: op<readonly [V128], "v128">("v128", simd(251), i32Lanes),
  /** Of two doubles; zeros above. */
  ofF64: op<readonly [V128], "v128">("v128", simd(94), f64Lanes),
};

const f64v = vector(f64Lanes);
/** Two doubles. */
export const f64x2: Constants<"v128"> &
  Named<"add" | "sub" | "mul" | "div", Vectors> & {
    readonly splat: Op<readonly [F64], "v128">;
    readonly lane: Lane<"f64">;
    readonly ofLowF32: Vector;
  } = {
  of: (x: number): Value<"v128"> => ({ type: "v128", code: f64Lanes(x) }),
  splat: op<readonly [F64], "v128">("v128", simd(20), constants.f64),
  lane: lane("f64", 33),
  add: f64v.two(240),
  sub: f64v.two(241),
  mul: f64v.two(242),
  div: f64v.two(243),
  /** The low two floats of a vector. */
  ofLowF32: op<readonly [V128], "v128">("v128", simd(95), f32Lanes),
};

/** What an engine may lack: one such instruction makes the whole module invalid there. */
export const relaxed: Named<"madd" | "nmadd" | "dot8", Op<readonly [V128, V128, V128], "v128">> = {
  /** a · b + c, rounded once or twice. */
  madd: op<readonly [V128, V128, V128], "v128">("v128", simd(0x105), f32Lanes, f32Lanes, f32Lanes),
  /** c − a · b. */
  nmadd: op<readonly [V128, V128, V128], "v128">("v128", simd(0x106), f32Lanes, f32Lanes, f32Lanes),
  /** Of each four neighbours Σ signed byte of a · byte from 0 to 127 of b, added to a 32-bit lane of c. */
  dot8: op<readonly [V128, V128, V128], "v128">("v128", simd(0x113), i8Lanes, i8Lanes, i32Lanes),
};
