import { DTypeError } from "./errors.ts";

/** The dtypes that stand for real numbers, and so have derivatives. */
export type FloatDType = "f32" | "f16" | "bf16";

/**
 * What one element is.
 *
 * - `f32`, `f16` (IEEE 754 half precision), `bf16` (the upper half of an f32)
 * - `i32`, 32-bit whole numbers; `u8`, bytes: to store, index and compare, not to calculate with
 * - `bool`, stored as one byte, 0 or 1
 * - `q8`, `q4`: levels of a group-quantised weight, −127 … 127 in a byte each and −8 … 7 in four bits each. They mean something only
 *   together with their scales, so all ops but `dequantize`, `quantizedLinear` and `quantizedEmbedding` refuse them
 */
export type DType = FloatDType | "i32" | "u8" | "bool" | "q8" | "q4";

/**
 * The host side of a tensor: f32 `Float32Array` (`Float64Array` on a backend that computes in double precision), i32 `Int32Array`,
 * u8 and bool `Uint8Array`, q8 `Int8Array`, q4 `Uint8Array` (two levels to a byte, the first of a pair in the low bits, each plus 8).
 * A tensor in f16 or bf16 is read as a `Float32Array`, which holds each of its values exactly, and is made from numbers, which are
 * rounded once to nearest even, or from a `Uint16Array` of its bits, which are kept.
 */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array | Int8Array;

/** Does it stand for real numbers: f32, f16 or bf16? */
/**
 * Does it stand for real numbers: f32, f16 or bf16?
 *
 * @example
 * ```ts
 * console.log(isFloat("bf16"), isFloat("i32")); // true false
 * ```
 */
export const isFloat = (dtype: DType): dtype is FloatDType => dtype === "f32" || dtype === "f16" || dtype === "bf16";
/**
 * Is it a float of 16 bits: f16 or bf16?
 *
 * @example
 * ```ts
 * console.log(isHalf("bf16"), isHalf("f32")); // true false
 * ```
 */
export const isHalf = (dtype: DType): dtype is "f16" | "bf16" => dtype === "f16" || dtype === "bf16";
/**
 * Are its elements levels of a quantised weight: q8 or q4?
 *
 * @example
 * ```ts
 * console.log(isQuantized("q4"), isQuantized("u8")); // true false
 * ```
 */
export const isQuantized = (dtype: DType): dtype is "q8" | "q4" => dtype === "q8" || dtype === "q4";

const bytes: { readonly [D in DType]: number } = { f32: 4, f16: 2, bf16: 2, i32: 4, u8: 1, bool: 1, q8: 1, q4: 0.5 };
/**
 * Bytes that one element takes in storage; half of one for q4.
 *
 * @example
 * ```ts
 * console.log(bytesPerElement("f32"), bytesPerElement("bf16"), bytesPerElement("q4")); // 4 2 0.5
 * ```
 */
export const bytesPerElement = (dtype: DType): number => bytes[dtype];

/** Throws `DTypeError` for a name that is no dtype, which untyped code may give. */
export function expectKnown(op: string, dtype: DType): void {
  if (Object.hasOwn(bytes, dtype)) return;
  throw new DTypeError(
    `${op}: there is no dtype ${JSON.stringify(dtype)}; choose from ${Object.keys(bytes).join(", ")}`,
    {
      op,
      dtype,
    },
  );
}
