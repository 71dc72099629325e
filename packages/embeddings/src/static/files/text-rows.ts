import { parseNumber } from "./number-parser.ts";

export const newline = 0x0a;
export const carriageReturn = 0x0d;
export const space = 0x20;
const tab = 0x09;
export const isBlank = (byte: number): boolean => byte === space || byte === tab;

/** Where the first word of a line that begins at `from` ends: at a blank or at the end of the line. */
export function wordEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]!; byte !== space && byte !== newline && byte !== tab;) byte = bytes[++at]!;
  return at;
}

/**
 * Reads exactly as many numbers as a vector has, from behind a word to the end of its line, and gives the place of the line break; −1 where
 * there are not as many, or something else. Between numbers there is a blank, or several, and there may be some behind the last.
 */
export function parseNumbers(
  bytes: Uint8Array,
  from: number,
  into: Float32Array,
  index: number,
  width: number,
): number {
  let at = from;
  for (let i = 0; i < width; i++) {
    if (!isBlank(bytes[at]!)) return -1;
    do at++;
    while (isBlank(bytes[at]!));
    at = parseNumber(bytes, at, into, index + i);
    if (at < 0) return -1;
  }
  while (isBlank(bytes[at]!)) at++;
  return bytes[at] === newline ? at : -1;
}

/** Are all numbers finite? What is taken from itself is NaN for one that is not, and NaN stays. */
export function areFinite(data: Float32Array, from: number, width: number): boolean {
  let zero = 0;
  for (let i = from; i < from + width; i++) zero += data[i]! - data[i]!;
  return zero === 0;
}

/** A part of a line between blanks. */
export interface Field {
  readonly from: number;
  readonly to: number;
  readonly isNumber: boolean;
}

const scratch = new Float32Array(1);

/** The fields of the line from `from` up to its line break at `to`. */
export function fieldsOf(bytes: Uint8Array, from: number, to: number): Field[] {
  const fields: Field[] = [];
  for (let at = from; at < to;) {
    if (isBlank(bytes[at]!)) {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < to && !isBlank(bytes[end]!)) end++;
    fields.push({ from: at, to: end, isNumber: parseNumber(bytes, at, scratch, 0) === end });
    at = end;
  }
  return fields;
}
