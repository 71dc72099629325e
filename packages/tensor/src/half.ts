import { bfloat16ToFloat32, float32ToBfloat16 } from "./bfloat16.ts";
import type { TypedArray } from "./dtype.ts";
import { float16ToFloat32, float32ToFloat16 } from "./float16.ts";

/**
 * The values of 16-bit floats, each exactly.
 *
 * @example
 * ```ts
 * console.log(fromHalf(Uint16Array.of(0x3c00, 0xc000), "f16")); // Float32Array(2) [ 1, -2 ]
 * ```
 */
export const fromHalf = (bits: Uint16Array, dtype: "f16" | "bf16"): Float32Array =>
  dtype === "f16" ? float16ToFloat32(bits) : bfloat16ToFloat32(bits);

/**
 * The bits of the nearest 16-bit floats, ties to even; doubles are rounded once, not by way of f32.
 *
 * @example
 * ```ts
 * console.log(toHalf(Float32Array.of(1, -2), "bf16")); // Uint16Array(2) [ 16256, 49152 ]
 * ```
 */
export function toHalf(values: TypedArray, dtype: "f16" | "bf16"): Uint16Array {
  const singles =
    values instanceof Float32Array
      ? values
      : values instanceof Float64Array
        ? roundedToOdd(values)
        : Float32Array.from(values);
  return dtype === "f16" ? float32ToFloat16(singles) : float32ToBfloat16(singles);
}

/**
 * Doubles as singles whose last bit is 1 where anything was cut off. Rounding those again to fewer bits gives what rounding the
 * double at once would give: no cut-off double can pass for a tie (Boldo and Melquiond 2008, "Emulation of a FMA and correctly
 * rounded sums: proved algorithms using rounding to odd").
 */
function roundedToOdd(values: Float64Array): Float32Array {
  const singles = Float32Array.from(values);
  const bits = new Uint32Array(singles.buffer);
  for (let i = 0; i < values.length; i++) {
    const exact = values[i]!;
    const single = singles[i]!;
    if (single === exact || exact !== exact) continue;
    const cut = Math.abs(single) > Math.abs(exact) ? bits[i]! - 1 : bits[i]!; // towards zero
    bits[i] = cut | 1;
  }
  return singles;
}
