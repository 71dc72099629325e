// Bits are moved as integers: a NaN that passes through a JavaScript number may lose its payload.

/**
 * bfloat16 to single precision: the upper half of the 32 bits, so every value is exact.
 *
 * @param halves the 16 bits of each number
 * @example
 * ```ts
 * console.log(bfloat16ToFloat32(Uint16Array.of(0x3f80, 0x4049))); // Float32Array(2) [ 1, 3.140625 ]
 * ```
 */
export function bfloat16ToFloat32(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

/**
 * Single precision to bfloat16, rounded to nearest, ties to even. The largest values, from about ±3.396e38 on, become
 * ±infinity (`encodeTensor` of `@tenon/checkpoint` refuses that unless told otherwise). A NaN stays a NaN and keeps the payload bits that fit.
 *
 * @returns the 16 bits of each number
 * @example
 * ```ts
 * const halves = float32ToBfloat16(Float32Array.of(1, Math.PI));
 * console.log([...halves].map((half) => half.toString(16))); // [ '3f80', '4049' ]
 * ```
 */
export function float32ToBfloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) {
    const single = bits[i]!;
    if ((single & 0x7fffffff) <= 0x7f800000) {
      halves[i] = (single + 0x7fff + ((single >>> 16) & 1)) >>> 16;
    } else {
      const upper = single >>> 16;
      halves[i] = (upper & 0x7f) === 0 ? upper | 0x40 : upper;
    }
  }
  return halves;
}
