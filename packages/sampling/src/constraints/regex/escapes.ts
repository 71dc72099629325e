import { type CodePoints, except } from "../bytes/code-points.ts";
import { unsupported } from "./unsupported.ts";

const digits: CodePoints = [[0x30, 0x39]];
const wordCharacters: CodePoints = [[0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]]; // prettier-ignore
const lineEnds: CodePoints = [[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]]; // prettier-ignore
const spaces: CodePoints = [
  [0x09, 0x0d], [0x20, 0x20], [0xa0, 0xa0], [0x1680, 0x1680], [0x2000, 0x200a],
  [0x2028, 0x2029], [0x202f, 0x202f], [0x205f, 0x205f], [0x3000, 0x3000], [0xfeff, 0xfeff],
]; // prettier-ignore

/** What `.` stands for. */
export const notLineEnds: CodePoints = except(lineEnds);

const classes: Readonly<Record<string, CodePoints>> = {
  d: digits,
  D: except(digits),
  w: wordCharacters,
  W: except(wordCharacters),
  s: spaces,
  S: except(spaces),
};
const controls: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b, f: 0x0c };

/** An escape: the code points it stands for, and where it ends. A single one is a range of itself. */
export interface Escape {
  readonly ranges: CodePoints;
  readonly end: number;
}

/** Reads the escape whose backslash is at `position`, in a pattern that is valid with the flag u. */
export function readEscape(pattern: string, position: number): Escape {
  const letter = pattern[position + 1]!;
  const end = position + 2;
  if (Object.hasOwn(classes, letter)) return { ranges: classes[letter]!, end };
  if (Object.hasOwn(controls, letter)) return single(controls[letter]!, end);
  if (letter === "0") return single(0, end);
  const hex = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\})/y;
  hex.lastIndex = position;
  const match = hex.exec(pattern);
  if (match !== null) return codePoint(pattern, position, match);
  if (/[1-9k]/.test(letter))
    throw unsupported(
      `The back-reference \\${letter}`,
      pattern,
      position,
      "it would need to remember what was written",
    );
  if (/[a-zA-Z]/.test(letter)) {
    throw unsupported(
      `The escape \\${letter}`,
      pattern,
      position,
      "write the characters themselves, in a class such as [a-z]",
    );
  }
  return single(letter.codePointAt(0)!, end);
}

function codePoint(pattern: string, position: number, match: RegExpExecArray): Escape {
  const end = position + match[0].length;
  const value = Number.parseInt(match[1] ?? match[2] ?? match[3]!, 16);
  if (value < 0xd800 || value > 0xdfff) return single(value, end);
  const low = /^\\u(d[c-f][0-9a-f]{2})/i.exec(pattern.slice(end));
  if (match[2] !== undefined && value < 0xdc00 && low !== null)
    return single(0x10000 + ((value - 0xd800) << 10) + (Number.parseInt(low[1]!, 16) - 0xdc00), end + low[0].length);
  throw unsupported(
    `Half a surrogate pair, ${match[0]},`,
    pattern,
    position,
    "no text that is well-formed has it; write the whole character",
  );
}

const single = (codePoint: number, end: number): Escape => ({ ranges: [[codePoint, codePoint]], end });
