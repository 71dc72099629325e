/** The digits of a number that are summed up before `Number` is asked: their rounding errors stay below {@link margin}. */
const mostDigits = 60;
const largestPower = 80;
const powersOfTen = Float64Array.from({ length: largestPower + 1 }, (_, n) => Number(`1e${n}`));
/** More than what the sum of the digits and one product with a power of ten can be off, relatively: 2 · 60 + 2 roundings of 2⁻⁵³ each. */
const margin = 2 ** -45;
/** Powers of ten up to here are whole numbers that a double holds exactly. */
const exactPowers = 22;

const [plus, minus, point, zero, smallE] = [0x2b, 0x2d, 0x2e, 0x30, 0x65];

/**
 * Reads the decimal number that begins at `from`, and stores it: `Math.fround(Number(text))`, bit for bit. Gives the place behind it; −1
 * where no number begins. The bytes end with one that no number has, such as a line break.
 *
 * Up to 2⁵³, and with up to 22 places, the digits and the power of ten are doubles, and their quotient is rounded once (Clinger 1990, "How to
 * read floating point numbers accurately"). Beyond that the error is bounded, and as long as both bounds round to the same float, so does
 * the number; where they do not, about once in a million, and for numbers that are very long, very large or very small, `Number` reads it.
 */
export function parseNumber(bytes: Uint8Array, from: number, into: Float32Array, index: number): number {
  let at = from;
  const sign = bytes[at]!;
  if (sign === minus || sign === plus) at++;
  const begin = at;
  let digits = 0;
  let digit = bytes[at]! ^ zero;
  while (digit < 10) {
    digits = digits * 10 + digit;
    digit = bytes[++at]! ^ zero;
  }
  let count = at - begin;
  let power = 0;
  if (bytes[at] === point) {
    const places = ++at;
    digit = bytes[at]! ^ zero;
    while (digit < 10) {
      digits = digits * 10 + digit;
      digit = bytes[++at]! ^ zero;
    }
    power = places - at;
    count -= power;
  }
  if (count === 0) return -1;
  if ((bytes[at]! | 0x20) === smallE) {
    const end = exponentEnd(bytes, at);
    if (end < 0) return -1;
    power += Number(textOf(bytes, at + 1, end));
    at = end;
  }
  const value = valueOf(digits, count, power);
  into[index] = value !== value ? Number(textOf(bytes, from, at)) : sign === minus ? -value : value;
  return at;
}

/** digits · 10^power as a double that rounds to the right float; NaN where that is not certain. */
function valueOf(digits: number, count: number, power: number): number {
  if (digits <= Number.MAX_SAFE_INTEGER && power <= 0 && power >= -exactPowers) return digits / powersOfTen[-power]!;
  if (digits === 0) return 0;
  if (count > mostDigits || power > largestPower || power < -largestPower) return NaN;
  const about = power < 0 ? digits / powersOfTen[-power]! : digits * powersOfTen[power]!;
  if (digits <= Number.MAX_SAFE_INTEGER && Math.abs(power) <= exactPowers) return about;
  return Math.fround(about * (1 - margin)) === Math.fround(about * (1 + margin)) ? about : NaN;
}

/** The place behind an exponent that begins with the E at `at`; −1 where it has no digits. */
function exponentEnd(bytes: Uint8Array, at: number): number {
  let end = at + 1;
  if (bytes[end] === minus || bytes[end] === plus) end++;
  const begin = end;
  while ((bytes[end]! ^ zero) < 10) end++;
  return end === begin ? -1 : end;
}

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));
