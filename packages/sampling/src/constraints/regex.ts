import { ConfigError } from "@tenon/tensor";
import { utf8 } from "./bytes/utf8.ts";
import type { Constraint } from "./constraint.ts";
import { patternExpression } from "./regex/pattern.ts";
import { expressionConstraint } from "./tokens/expression-constraint.ts";
import type { TokenPieces } from "./tokens/vocabulary.ts";

/**
 * A text that a regular expression matches from its beginning to its end. The pattern means what it means in JavaScript with the flag `u`: it is
 * about characters (code points) and not about halves of them.
 *
 * Supported are characters, `.`, classes with ranges and `[^…]`, the escapes `\d \D \w \W \s \S \n \r \t \v \f \0 \xHH \uHHHH \u{H…}` and those
 * of punctuation, groups `(…)` and `(?:…)`, `|`, the quantifiers `* + ? {n} {n,} {n,m}` (lazy ones allow the same texts), `^` and `$` at the ends
 * of the pattern or of its alternatives, and the flags `u` and `s`. Repetitions are counted and not written out, so `{0,10000}` costs nothing.
 *
 * Throws `ConfigError`, with the position, for everything else: back-references, look-around, `\b`, `\p{…}`, named groups, other flags; also for a
 * pattern that matches no text or the empty text alone, and for one that the vocabulary's tokens cannot write.
 *
 * Brzozowski 1964, "Derivatives of regular expressions"; Willard and Louf 2023, "Efficient guided generation for large language models".
 *
 * @example
 * ```ts
 * const price = regex(["1", "2", ".", "12", ".2", "€"], /\d+(\.\d{2})?€/);
 * console.log(price.allowed(price.start, Infinity)); // [ 0, 1, 3 ]
 * console.log(price.allowed(price.start, 2)); // [ 0, 1, 3 ]
 * console.log(price.allowed(price.next(price.start, 3), 1)); // [ 5 ]
 * ```
 */
export function regex(pieces: TokenPieces, pattern: string | RegExp): Constraint {
  const isRegExp = pattern instanceof RegExp;
  if (!isRegExp && (typeof pattern !== "string" || !pattern.isWellFormed())) {
    throw new ConfigError(`regex(pieces, pattern) takes a RegExp or a string, got ${JSON.stringify(pattern)}`, {
      pattern,
    });
  }
  const [source, flags] = isRegExp ? [pattern.source, pattern.flags] : [pattern, ""];
  const flag = /[^us]/.exec(flags)?.[0];
  if (flag !== undefined) {
    throw new ConfigError(
      `The flag ${flag} of /${source}/${flags} is not supported: leave it out. The ones that are: u, which always holds, and s.`,
      { pattern: source, flags },
    );
  }
  return expressionConstraint(`regex(/${source}/${flags})`, pieces, (expressions) =>
    patternExpression(expressions, source, {
      character: (ranges) => utf8(expressions, ranges),
      dotAll: flags.includes("s"),
      whole: true,
    }),
  );
}
