import { ConfigError } from "@tenon/tensor";

// Each makes a parser for the value of one option. A value that was understood but cannot be honoured is no wrong usage: the parsers
// throw ConfigError, which ends with exit code 1.

/** What a number must be. */
interface Range {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
  /** What to do when it is not. */
  readonly remedy?: string;
}

/** A whole number. */
export const wholeNumber = (flag: string, range: Range = {}): ((text: string) => number) =>
  checked(
    flag,
    "a whole number",
    range,
    (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : NaN),
    Number.isSafeInteger,
  );

/** Any number: 0.001, 1e-3. */
export const decimal = (flag: string, range: Range = {}): ((text: string) => number) =>
  checked(
    flag,
    "a number",
    range,
    (text) => (/\d/.test(text) && !/[xob]/i.test(text) ? Number(text) : NaN),
    Number.isFinite,
  );

/** A seed, as `random()` takes it. */
export const seed = (flag: string): ((text: string) => number) => wholeNumber(flag, { from: 0 });

/** One of a few words. */
export function oneOf<T extends string>(flag: string, words: readonly T[], remedy?: string): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const message = `${flag} is ${listed(words)}, got "${text}".`;
    throw new ConfigError(remedy === undefined ? message : `${message} ${remedy}`, { option: flag, value: text });
  };
}

/** Text with something in it. */
export function someText(flag: string): (text: string) => string {
  return (text) => {
    if (text !== "") return text;
    throw new ConfigError(`${flag} needs some text, got none.`, { option: flag });
  };
}

function checked(
  flag: string,
  what: string,
  range: Range,
  parse: (text: string) => number,
  accepts: (value: number) => boolean,
): (text: string) => number {
  return (text) => {
    const value = parse(text.trim());
    if (accepts(value) && isWithin(value, range)) return value;
    const remedy = range.remedy === undefined ? "" : ` ${range.remedy}`;
    throw new ConfigError(`${flag} is ${what}${limits(range)}, got "${text}".${remedy}`, { option: flag, value: text });
  };
}

function isWithin(
  value: number,
  { from = -Infinity, above = -Infinity, to = Infinity, below = Infinity }: Range,
): boolean {
  return value >= from && value > above && value <= to && value < below;
}

function limits({ from, above, to, below }: Range): string {
  const low = from !== undefined ? `of at least ${from}` : above !== undefined ? `above ${above}` : undefined;
  const high = to !== undefined ? `at most ${to}` : below !== undefined ? `below ${below}` : undefined;
  const both = [low, high].filter((limit) => limit !== undefined).join(" and ");
  return both === "" ? "" : ` ${both}`;
}

/** a, b or c */
export function listed(words: readonly string[], last = "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
