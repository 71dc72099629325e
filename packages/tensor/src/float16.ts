// Bits are moved as integers: a NaN that passes through a JavaScript number may lose its payload.

const smallestNormal = 0x38800000; // the bits of 2^-14
const overflow = 0x47800000; // the bits of 2^16; from 65520 on, rounding carries to infinity by itself
const rebias = 0x38000000; // (127 - 15) << 23
const integerFromHere = 2 ** 52; // the doubles from here on are whole numbers: adding it rounds to nearest even

/**
 * IEEE 754 half precision to single precision. Exact for all 65,536 values: subnormals, signed zeros, infinities and the
 * payloads of NaNs included.
 *
 * @param halves the 16 bits of each number
 * @example
 * ```ts
 * console.log(float16ToFloat32(Uint16Array.of(0x3c00, 0x7bff, 0xc000))); // Float32Array(3) [ 1, 65504, -2 ]
 * ```
 */
export function float16ToFloat32(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const magnitude = half & 0x7fff;
    const sign = (half & 0x8000) << 16;
    if (magnitude < 0x0400) {
      values[i] = magnitude * 2 ** -24;
      bits[i]! |= sign;
    } else if (magnitude < 0x7c00) {
      bits[i] = sign | ((magnitude << 13) + rebias);
    } else {
      bits[i] = sign | 0x7f800000 | ((magnitude & 0x03ff) << 13);
    }
  }
  return values;
}

/**
 * Single precision to IEEE 754 half precision, rounded to nearest, ties to even. From ±65520 on a value becomes ±infinity
 * (`encodeTensor` of `@tenon/checkpoint` refuses that unless told otherwise). A NaN stays a NaN and keeps the payload bits that fit.
 *
 * @returns the 16 bits of each number
 * @example
 * ```ts
 * const halves = float32ToFloat16(Float32Array.of(1, 65504, 1e-8));
 * console.log([...halves].map((half) => half.toString(16))); // [ '3c00', '7bff', '0' ]
 * ```
 */
export function float32ToFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const single = bits[i]!;
    const magnitude = single & 0x7fffffff;
    const sign = (single >>> 16) & 0x8000;
    if (magnitude < smallestNormal) {
      // Counts of 2^-24; a count of 1024 is the smallest normal number, and has its bits.
      halves[i] = sign | (Math.abs(values[i]!) * 2 ** 24 + integerFromHere - integerFromHere);
    } else if (magnitude < overflow) {
      halves[i] = sign | ((magnitude - rebias + 0x0fff + ((magnitude >>> 13) & 1)) >>> 13);
    } else if (magnitude <= 0x7f800000) {
      halves[i] = sign | 0x7c00;
    } else {
      const payload = (magnitude >>> 13) & 0x03ff;
      halves[i] = sign | 0x7c00 | (payload === 0 ? 0x0200 : payload);
    }
  }
  return halves;
}
