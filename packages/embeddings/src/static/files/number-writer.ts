const [minus, point, zero] = [0x2d, 0x2e, 0x30];
const powersOfTen = Float64Array.from({ length: 16 }, (_, n) => Number(`1e${n}`));
/** Six digits bring every decimal of six digits back, nine every float. */
const [fewest, most] = [6, 9];
/** Between these, all that follows is exact: a number of nine digits over a power of ten up to 10¹⁵. */
const [smallest, largest] = [1e-6, 1e6];

/** No number is written in more bytes. */
export const longestNumber = 32;

/**
 * Writes a float in decimal at a place, and gives the place behind it: with so many significant digits, or with the fewest, from six up, that are read
 * as the same float again.
 */
export function writeNumber(x: number, digits: number | undefined, bytes: Uint8Array, at: number): number {
  const size = Math.abs(x);
  if (!(size >= smallest && size < largest)) return writeText(plainText(x, digits), bytes, at);
  let before = 1;
  while (size >= powersOfTen[before]!) before++;
  while (size * powersOfTen[1 - before]! < 1) before--;
  let count = digits ?? fewest;
  for (; ; count++) {
    // A whole number over a power of ten is rounded once, so this quotient is what the decimal is read as.
    const places = Math.max(0, count - before);
    const whole = Math.round(size * powersOfTen[places]!);
    if (digits !== undefined && count < before) return writeText(plainText(x, digits), bytes, at);
    if (digits !== undefined || count === most || Math.fround(whole / powersOfTen[places]!) === size)
      return writeDecimal(whole, places, x < 0, bytes, at);
  }
}

/** Writes whole · 10^−places without the zeros at its end. */
function writeDecimal(whole: number, places: number, isNegative: boolean, bytes: Uint8Array, at: number): number {
  // Below 2³¹, so that the divisions can be those of whole numbers.
  let rest = whole | 0;
  let behind = places;
  while (behind > 0 && rest % 10 === 0) {
    rest = (rest / 10) | 0;
    behind--;
  }
  let before = 1;
  while (rest >= powersOfTen[before + behind]!) before++;
  if (isNegative) bytes[at++] = minus;
  const end = at + before + (behind > 0 ? behind + 1 : 0);
  for (let to = end - 1; to >= at; to--) {
    if (to === at + before) {
      bytes[to] = point;
      continue;
    }
    bytes[to] = zero + (rest % 10);
    rest = (rest / 10) | 0;
  }
  return end;
}

function plainText(x: number, digits: number | undefined): string {
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  for (let count = digits ?? fewest; ; count++) {
    const shorter = Number(x.toPrecision(count));
    if (digits !== undefined || count === most || Math.fround(shorter) === x) return String(shorter);
  }
}

function writeText(text: string, bytes: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
  return at + text.length;
}
