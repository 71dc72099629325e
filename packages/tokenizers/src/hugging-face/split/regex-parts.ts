/** What the letters after a backslash stand for, inside of classes and outside: the sets of Unicode. */
export const classes: Readonly<Record<string, string>> = {
  s: "\\p{White_Space}",
  S: "\\P{White_Space}",
  d: "\\p{Nd}",
  D: "\\P{Nd}",
  w: "[\\p{L}\\p{M}\\p{N}\\p{Pc}]",
  W: "[^\\p{L}\\p{M}\\p{N}\\p{Pc}]",
  h: "[0-9A-Fa-f]",
  H: "[^0-9A-Fa-f]",
};

/** What stands for a place between characters, outside of classes. Oniguruma's `^` and `$` are those of lines. */
export const anchors: Readonly<Record<string, string>> = {
  A: "(?<![\\s\\S])",
  z: "(?![\\s\\S])",
  Z: "(?=\\n?(?![\\s\\S]))",
  b: `(?:(?<=${classes["w"]})(?!${classes["w"]})|(?<!${classes["w"]})(?=${classes["w"]}))`,
  B: `(?:(?<=${classes["w"]})(?=${classes["w"]})|(?<!${classes["w"]})(?!${classes["w"]}))`,
};

/** What stands between `[:` and `:]` in a class. */
export const posix: Readonly<Record<string, string>> = {
  alpha: "\\p{Alphabetic}",
  digit: "\\p{Nd}",
  alnum: "\\p{Alphabetic}\\p{Nd}",
  upper: "\\p{Uppercase}",
  lower: "\\p{Lowercase}",
  space: "\\p{White_Space}",
  punct: "\\p{P}\\p{S}",
  cntrl: "\\p{Cc}",
  xdigit: "0-9A-Fa-f",
};

/** A character that stands for itself, and where case is ignored for the others that fold to the same. */
export function literal(character: string, ignoreCase: boolean, inClass: boolean): string {
  if (!ignoreCase) return escape(character);
  const upper = character.toUpperCase();
  const lower = upper.toLowerCase();
  // These two letters fold to ASCII ones from outside ASCII: the long s and the sign of the kelvin.
  const other = lower === "s" ? "\u017f" : lower === "k" ? "\u212a" : lower;
  const all = [...new Set([lower, upper, character, other])].map(escape).join("");
  return inClass || lower === upper ? all : `[${all}]`;
}

function escape(character: string): string {
  return /^[\p{L}\p{N}]$/u.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** Does JavaScript know the property of Unicode that a source names? */
export function compiles(source: string): boolean {
  try {
    return new RegExp(source, "v") instanceof RegExp;
  } catch {
    return false;
  }
}
