/** What one element is. `bool` is stored as one byte, 0 or 1. */
export type DType = "f32" | "i32" | "bool";

/** The host side of a tensor. An f32 tensor is a `Float64Array` on a backend that computes in double precision. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

/** Bytes that one element takes in storage. */
export const bytesPerElement = (dtype: DType): number => (dtype === "bool" ? 1 : 4);
