import { ConfigError } from "@tenon/tensor";
import type { CodePoints } from "../bytes/code-points.ts";
import type { Expression, Expressions } from "../bytes/expression.ts";
import { literal, readClass } from "./character-class.ts";
import { notLineEnds, readEscape } from "./escapes.ts";
import { unsupported } from "./unsupported.ts";

/** How a pattern becomes an expression. */
export interface PatternOptions {
  /** One of these characters, however the text at hand spells it. */
  readonly character: (ranges: CodePoints) => Expression;
  /** Whether `.` stands for the end of a line, too. */
  readonly dotAll: boolean;
  /** Whether the pattern says what the text is, or, where ^ and $ do not say otherwise, what is somewhere in it. */
  readonly whole: boolean;
}

const everything: CodePoints = [[0, 0x10ffff]];

/** The texts that a pattern matches, as JavaScript's RegExp with the flag u reads it. Throws `ConfigError` for what it does not support. */
export function patternExpression(expressions: Expressions, pattern: string, options: PatternOptions): Expression {
  try {
    new RegExp(pattern, "u").exec("");
  } catch (error) {
    throw new ConfigError(`/${pattern}/ is no regular expression with the flag u: ${(error as Error).message}`, {
      pattern,
    });
  }
  return new PatternReader(expressions, pattern, options).read();
}

/** Reads from left to right; the pattern is known to be valid, so only what is unsupported is looked out for. */
class PatternReader {
  readonly #expressions: Expressions;
  readonly #pattern: string;
  readonly #options: PatternOptions;
  #at = 0;

  constructor(expressions: Expressions, pattern: string, options: PatternOptions) {
    this.#expressions = expressions;
    this.#pattern = pattern;
    this.#options = options;
  }

  read(): Expression {
    const { character, whole } = this.#options;
    const anything = whole ? this.#expressions.empty : this.#expressions.repeat(character(everything), 0);
    const alternatives: Expression[] = [];
    do {
      const before = this.#take("^") ? this.#expressions.empty : anything;
      const middle = this.#sequence();
      const after = this.#pattern[this.#at] === "$" ? this.#end() : anything;
      alternatives.push(this.#expressions.sequence(before, middle, after));
    } while (this.#take("|"));
    return this.#expressions.choice(...alternatives);
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** Items up to the end of the alternative, or an anchor. */
  #sequence(): Expression {
    const items: Expression[] = [];
    while (this.#at < this.#pattern.length && !"|)$".includes(this.#pattern[this.#at]!)) {
      if (this.#pattern[this.#at] === "^") this.#misplaced();
      const item = this.#item();
      items.push(this.#repeated(item));
    }
    return this.#expressions.sequence(...items);
  }

  #end(): Expression {
    const next = this.#pattern[this.#at + 1];
    if (next !== undefined && next !== "|") this.#misplaced();
    this.#at++;
    return this.#expressions.empty;
  }

  #misplaced(): never {
    const anchor = this.#pattern[this.#at]!;
    throw unsupported(
      anchor,
      this.#pattern,
      this.#at,
      "it may only stand at the ends of the pattern or of its alternatives",
    );
  }

  #item(): Expression {
    const { character, dotAll } = this.#options;
    const position = this.#at;
    const first = this.#pattern[position];
    if (first === "(") return this.#group();
    if (first === ".") {
      this.#at++;
      return character(dotAll ? everything : notLineEnds);
    }
    if (first === "\\" && /[bB]/.test(this.#pattern[position + 1]!)) {
      const escape = this.#pattern.slice(position, position + 2);
      throw unsupported(`The word boundary ${escape}`, this.#pattern, position, "say which characters are to be there");
    }
    const read = first === "[" ? readClass : first === "\\" ? readEscape : literal;
    const { ranges, end } = read(this.#pattern, position);
    this.#at = end;
    return character(ranges);
  }

  #group(): Expression {
    const position = this.#at;
    const opening = /\((?:\?(?:<?[=!]|<|[a-z-]*:)?)?/y;
    opening.lastIndex = position;
    const [open] = opening.exec(this.#pattern)!;
    if (/[=!]$/.test(open))
      throw unsupported(`The look-around ${open}…)`, this.#pattern, position, "say what is to be there instead");
    if (open !== "(" && open !== "(?:")
      throw unsupported(`The group ${open}…)`, this.#pattern, position, "write (…) or (?:…)");
    this.#at += open.length;
    const alternatives: Expression[] = [];
    do {
      alternatives.push(this.#sequence());
      if (this.#pattern[this.#at] === "$") this.#misplaced();
    } while (this.#take("|"));
    this.#at++;
    return this.#expressions.choice(...alternatives);
  }

  /** A quantifier, if there is one. A lazy one allows the same texts. */
  #repeated(item: Expression): Expression {
    const quantifier = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y;
    quantifier.lastIndex = this.#at;
    const match = quantifier.exec(this.#pattern);
    if (match === null) return item;
    this.#at += match[0].length;
    const [whole, least, range, most] = match;
    if (whole.startsWith("*")) return this.#expressions.repeat(item, 0);
    if (whole.startsWith("+")) return this.#expressions.repeat(item, 1);
    if (whole.startsWith("?")) return this.#expressions.optional(item);
    const min = Number(least);
    return this.#expressions.repeat(item, min, range === undefined ? min : most === "" ? Infinity : Number(most));
  }
}
