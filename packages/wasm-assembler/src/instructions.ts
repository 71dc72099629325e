// The instructions that the kernels use, by type: `f32.mul(a, b)`, `f32x4.add(v, 1)`.
export type { F32, F64, I32, V128 } from "./encode.ts";
export { f32x4, f64x2, relaxed, v128 } from "./float-vectors.ts";
export { i16x8, i32x4, i8x16, shuffle32 } from "./integer-vectors.ts";
export { f32, f64, i32, word32 } from "./scalars.ts";
