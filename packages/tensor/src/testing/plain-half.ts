/** What 16 bits mean by IEEE 754: a sign, 5 bits of exponent and 10 of fraction in f16, 8 and 7 in bf16. */
export function plainHalfValue(bits: number, dtype: "f16" | "bf16"): number {
  const [fractionBits, exponentBits] = dtype === "f16" ? [10, 5] : [7, 8];
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> fractionBits) & (2 ** exponentBits - 1);
  const fraction = (bits & (2 ** fractionBits - 1)) / 2 ** fractionBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}

/** A finite double as a whole number of 2^-1074, the smallest double. */
export function exactly(x: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(x).buffer)[0]!;
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return bits >> 63n === 0n ? magnitude : -magnitude;
}

/**
 * The bits of the 16-bit float nearest to a double that is no NaN, of two equally near the one whose last bit is 0, found by exact
 * comparison. What is as far as the next power of two would be, were there one, is infinite.
 */
export function plainHalfBits(x: number, dtype: "f16" | "bf16"): number {
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const infinity = dtype === "f16" ? 0x7c00 : 0x7f80;
  const beyond = 2 * plainHalfValue(infinity - (dtype === "f16" ? 0x400 : 0x80), dtype);
  const value = (bits: number): number => (bits === infinity ? beyond : plainHalfValue(bits, dtype));
  const size = Math.abs(x);
  if (size >= beyond) return sign | infinity;
  let [low, high] = [0, infinity]; // value(low) ≤ size < value(high): the bits of positive floats count upwards
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value(middle) <= size) low = middle;
    else high = middle;
  }
  const twice = 2n * exactly(size);
  const both = exactly(value(low)) + exactly(value(high));
  return sign | (twice < both || (twice === both && low % 2 === 0) ? low : high);
}
