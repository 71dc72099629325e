// 16-bit floats in the lower halves of four 32-bit lanes, with zeros above, and what they stand for: by whole numbers alone, so that the
// bits are those of `toHalf` and `fromHalf`, NaNs included.
import { f32x4, i32x4, v128, type Value } from "@tenon/wasm-assembler";

import { floats, integers } from "../constants.ts";
import type { KernelFunc } from "../kernel.ts";

type Vector = Value<"v128">;
export type Half = "f16" | "bf16";

/** Four floats of four halves, exactly. */
export const floatsOfHalves = (f: KernelFunc, x: Vector, dtype: Half): Vector =>
  dtype === "bf16" ? i32x4.shl(x, 16) : floatsOfF16(f, x);

/** The nearest halves of four floats, ties to even. */
export const halvesOfFloats = (f: KernelFunc, x: Vector, dtype: Half): Vector =>
  dtype === "bf16" ? bf16OfFloats(f, x) : f16OfFloats(f, x);

const exponents = 0x7f800000; // a float's largest exponent, that of ∞
const rebias = 0x38000000; // (127 − 15) · 2²³, from the exponents of f16 to those of f32

function floatsOfF16(f: KernelFunc, x: Vector): Vector {
  const half = f.let(x);
  const size = f.let(v128.and(half, integers(0x7fff)));
  // The largest exponent, that of ∞ and NaN, becomes the largest: it is moved twice.
  const special = f.let(v128.and(i32x4.ge(size, integers(0x7c00)), integers(rebias)));
  const normal = f.let(i32x4.add(i32x4.add(i32x4.shl(size, 13), integers(rebias)), special));
  const tiny = f32x4.mul(f32x4.ofSigned(size), floats(2 ** -24));
  const magnitude = v128.select(tiny, normal, i32x4.lt(size, integers(0x0400)));
  return f.let(v128.or(magnitude, i32x4.shl(v128.and(half, integers(0x8000)), 16)));
}

function f16OfFloats(f: KernelFunc, x: Vector): Vector {
  const bits = f.let(x);
  const size = f.let(v128.and(bits, integers(0x7fffffff)));
  // From 2¹⁶ on all is ∞; what rounds up to 2¹⁶ becomes ∞ by itself.
  const most = f.let(i32x4.min(size, integers(0x47800000)));
  const odd = v128.and(i32x4.shr(most, 13), integers(1));
  const normal = f.let(i32x4.shr(i32x4.add(i32x4.add(most, integers(0x0fff - rebias)), odd), 13));
  // Below 2⁻¹⁴ counts of 2⁻²⁴; a count of 1024 is the smallest normal number, and has its bits.
  const tiny = i32x4.trunc(f32x4.nearest(f32x4.mul(size, floats(2 ** 24))));
  const number = f.let(v128.select(tiny, normal, i32x4.lt(size, integers(0x38800000))));
  const payload = f.let(v128.and(i32x4.shr(size, 13), integers(0x03ff)));
  const kept = v128.or(payload, v128.and(i32x4.eq(payload, 0), integers(0x0200)));
  const result = v128.select(v128.or(kept, integers(0x7c00)), number, i32x4.gt(size, integers(exponents)));
  return f.let(v128.or(result, v128.and(i32x4.shr(bits, 16), integers(0x8000))));
}

function bf16OfFloats(f: KernelFunc, x: Vector): Vector {
  const bits = f.let(x);
  const upper = f.let(i32x4.shr(bits, 16));
  const number = i32x4.shr(i32x4.add(i32x4.add(bits, integers(0x7fff)), v128.and(upper, integers(1))), 16);
  const lost = i32x4.eq(v128.and(upper, integers(0x7f)), 0);
  const nan = v128.or(upper, v128.and(lost, integers(0x40)));
  return f.let(v128.select(nan, number, i32x4.gt(v128.and(bits, integers(0x7fffffff)), integers(exponents))));
}
