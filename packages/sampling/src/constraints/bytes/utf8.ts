import { byteRange } from "./byte-set.ts";
import { type CodePoints, except, inBoth } from "./code-points.ts";
import type { Expression, Expressions } from "./expression.ts";

/** Halves of surrogate pairs are no characters and have no UTF-8. */
const characters = except([[0xd800, 0xdfff]]);

/** Where the number of bytes changes. */
const lengths = [
  [0, 0x7f],
  [0x80, 0x7ff],
  [0x800, 0xffff],
  [0x10000, 0x10ffff],
] as const;

/** One character of these, in UTF-8 (Yergeau 2003, RFC 3629). */
export function utf8(expressions: Expressions, ranges: CodePoints): Expression {
  const options: Expression[] = [];
  for (const [index, length] of lengths.entries()) {
    for (const [first, last] of inBoth(inBoth(ranges, characters), [length]))
      options.push(between(expressions, encode(first, index), encode(last, index)));
  }
  return expressions.choice(...options);
}

/** All strings of bytes between two of one length whose bytes after the first are continuations. */
function between(expressions: Expressions, low: readonly number[], high: readonly number[]): Expression {
  const [first, last] = [low[0]!, high[0]!];
  if (low.length === 1) return expressions.bytes(byteRange(first, last));
  const [lowRest, highRest] = [low.slice(1), high.slice(1)];
  const [lowest, highest] = [lowRest.map(() => 0x80), highRest.map(() => 0xbf)];
  const from = (bytes: [number, number], a: readonly number[], b: readonly number[]): Expression =>
    expressions.sequence(expressions.bytes(byteRange(...bytes)), between(expressions, a, b));
  if (first === last) return from([first, first], lowRest, highRest);
  // Whole blocks are one sequence, so that the common sets stay small.
  const wholeLow = lowRest.every((byte) => byte === 0x80);
  const wholeHigh = highRest.every((byte) => byte === 0xbf);
  const [a, b] = [wholeLow ? first : first + 1, wholeHigh ? last : last - 1];
  return expressions.choice(
    wholeLow ? expressions.nothing : from([first, first], lowRest, highest),
    a <= b ? from([a, b], lowest, highest) : expressions.nothing,
    wholeHigh ? expressions.nothing : from([last, last], lowest, highRest),
  );
}

/** The bytes of a code point, `continuations` of them after the first. */
function encode(codePoint: number, continuations: number): readonly number[] {
  const lead = [0, 0xc0, 0xe0, 0xf0][continuations]!;
  const bytes = [lead | (codePoint >> (6 * continuations))];
  for (let i = continuations - 1; i >= 0; i--) bytes.push(0x80 | ((codePoint >> (6 * i)) & 0x3f));
  return bytes;
}
