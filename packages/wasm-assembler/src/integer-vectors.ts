// Instructions on the whole numbers of a vector. A plain number stands for a constant in every lane.
import {
  simd,
  constants,
  f32Lanes,
  i32Lanes,
  i16Lanes,
  i8Lanes,
  op,
  type I32,
  type V128,
  type Op,
  type Named,
  type Constants,
} from "./encode.ts";
import { type Vector, type Vectors, type Shift, type Lane, vector, lane, type Replace, replaced } from "./lanes.ts";
import { type Value } from "./value.ts";

const i32v = vector(i32Lanes);
/** Four 32-bit integers. Comparisons give all ones or zeros in each lane, and are signed. */
export const i32x4: Constants<"v128"> &
  Named<"abs" | "neg" | "trunc" | "ofLow16Signed" | "ofHigh16Signed" | "ofLow16" | "ofHigh16", Vector> &
  Named<
    | "eq"
    | "ne"
    | "lt"
    | "ltUnsigned"
    | "gt"
    | "gtUnsigned"
    | "le"
    | "ge"
    | "add"
    | "sub"
    | "mul"
    | "min"
    | "max"
    | "dot16",
    Vectors
  > &
  Named<"shl" | "shrSigned" | "shr", Shift> & {
    readonly list: (...x: readonly [number, number, number, number]) => Value<"v128">;
    readonly splat: Op<readonly [I32], "v128">;
    readonly lane: Lane<"i32">;
    readonly replace: Replace<"i32">;
    readonly allTrue: Op<readonly [V128], "i32">;
  } = {
  of: (x: number): Value<"v128"> => ({ type: "v128", code: i32Lanes(x) }),
  list: (...x: readonly [number, number, number, number]): Value<"v128"> => ({
    type: "v128",
    code: [simd(12), x.map((n) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255])],
  }),
  splat: op<readonly [I32], "v128">("v128", simd(17), constants.word),
  lane: lane("i32", 27),
  replace: replaced("i32", 28),
  eq: i32v.two(55),
  ne: i32v.two(56),
  lt: i32v.two(57),
  ltUnsigned: i32v.two(58),
  gt: i32v.two(59),
  gtUnsigned: i32v.two(60),
  le: i32v.two(61),
  ge: i32v.two(63),
  abs: i32v.one(160),
  neg: i32v.one(161),
  allTrue: op<readonly [V128], "i32">("i32", simd(163), i32Lanes),
  shl: i32v.shift(171),
  shrSigned: i32v.shift(172),
  shr: i32v.shift(173),
  add: i32v.two(174),
  sub: i32v.two(177),
  mul: i32v.two(181),
  min: i32v.two(182),
  max: i32v.two(184),
  /** Σ of neighbouring products of 16-bit lanes. */
  dot16: op<readonly [V128, V128], "v128">("v128", simd(186), i16Lanes, i16Lanes),
  /** Of floats towards zero, saturating; NaN gives 0. */
  trunc: op<readonly [V128], "v128">("v128", simd(248), f32Lanes),
  ofLow16Signed: op<readonly [V128], "v128">("v128", simd(167), i16Lanes),
  ofHigh16Signed: op<readonly [V128], "v128">("v128", simd(168), i16Lanes),
  ofLow16: op<readonly [V128], "v128">("v128", simd(169), i16Lanes),
  ofHigh16: op<readonly [V128], "v128">("v128", simd(170), i16Lanes),
};

const i16v = vector(i16Lanes);
/** Eight 16-bit integers. */
export const i16x8: Constants<"v128"> &
  Named<"add" | "sub" | "mul" | "narrow", Vectors> &
  Named<"shl" | "shrSigned" | "shr", Shift> &
  Named<"ofLow8Signed" | "ofHigh8Signed" | "ofLow8" | "ofHigh8", Vector> & {
    readonly splat: Op<readonly [I32], "v128">;
    readonly lane: Lane<"i32">;
  } = {
  of: (x: number): Value<"v128"> => ({ type: "v128", code: i16Lanes(x) }),
  splat: op<readonly [I32], "v128">("v128", simd(16), constants.word),
  lane: lane("i32", 25), // zero-extended
  shl: i16v.shift(139),
  shrSigned: i16v.shift(140),
  shr: i16v.shift(141),
  add: i16v.two(142),
  sub: i16v.two(145),
  mul: i16v.two(149),
  /** Two vectors of 32-bit lanes as one, saturating. */
  narrow: op<readonly [V128, V128], "v128">("v128", simd(133), i32Lanes, i32Lanes),
  ofLow8Signed: op<readonly [V128], "v128">("v128", simd(135), i8Lanes),
  ofHigh8Signed: op<readonly [V128], "v128">("v128", simd(136), i8Lanes),
  ofLow8: op<readonly [V128], "v128">("v128", simd(137), i8Lanes),
  ofHigh8: op<readonly [V128], "v128">("v128", simd(138), i8Lanes),
};

const i8v = vector(i8Lanes);
/** Sixteen bytes. */
export const i8x16: Constants<"v128"> &
  Named<"eq" | "ne" | "add" | "sub" | "min" | "max" | "narrow" | "narrowUnsigned" | "swizzle", Vectors> &
  Named<"shl" | "shrSigned" | "shr", Shift> & {
    readonly splat: Op<readonly [I32], "v128">;
    readonly lane: Lane<"i32">;
    readonly shuffle: (a: Value<"v128">, b: Value<"v128">, bytes: readonly number[]) => Value<"v128">;
  } = {
  of: (x: number): Value<"v128"> => ({ type: "v128", code: i8Lanes(x) }),
  splat: op<readonly [I32], "v128">("v128", simd(15), constants.word),
  lane: lane("i32", 22), // zero-extended
  eq: i8v.two(35),
  ne: i8v.two(36),
  shl: i8v.shift(107),
  shrSigned: i8v.shift(108),
  shr: i8v.shift(109),
  add: i8v.two(110),
  sub: i8v.two(113),
  min: i8v.two(118),
  max: i8v.two(120),
  /** Two vectors of 16-bit lanes as one, saturating to signed or unsigned bytes. */
  narrow: op<readonly [V128, V128], "v128">("v128", simd(101), i16Lanes, i16Lanes),
  narrowUnsigned: op<readonly [V128, V128], "v128">("v128", simd(102), i16Lanes, i16Lanes),
  /** Bytes of two vectors, by number: 0 to 15 of a, 16 to 31 of b. */
  shuffle: (a: Value<"v128">, b: Value<"v128">, bytes: readonly number[]): Value<"v128"> => {
    if (bytes.length !== 16) throw new RangeError(`shuffle takes 16 byte numbers, got ${bytes.length}`);
    return { type: "v128", code: [a.code, b.code, simd(13), bytes] };
  },
  /** Bytes of a chosen by the bytes of b; 0 beyond 15. */
  swizzle: op<readonly [V128, V128], "v128">("v128", simd(14), i8Lanes, i8Lanes),
};

/** 32-bit lanes of two vectors, by number: 0 to 3 of a, 4 to 7 of b. */
export const shuffle32 = (a: Value<"v128">, b: Value<"v128">, ...lanes32: readonly number[]): Value<"v128"> =>
  i8x16.shuffle(
    a,
    b,
    lanes32.flatMap((n) => [4 * n, 4 * n + 1, 4 * n + 2, 4 * n + 3]),
  );
