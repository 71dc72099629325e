import { refuse } from "../json.ts";
import { anchors, classes, compiles, literal, posix } from "./regex-parts.ts";

/**
 * The JavaScript regular expression (flag `v`) of a pattern that tokenizer.json writes in the syntax of Oniguruma, the library that the reference
 * matches with.
 *
 * The two differ in what `\s`, `\w`, `\d` and `.` stand for, in anchors, in possessive quantifiers (`a++`, which never give back) and in
 * groups with flags (`(?i:…)`, which not every JavaScript engine has): each is written out here. What has no equal is refused by name.
 */
export function toJavaScript(pattern: string, path: string): RegExp {
  const source = new Translation(pattern, path).source();
  try {
    const compiled = new RegExp(source, "gv");
    compiled.test(""); // engines compile when a pattern is first used
    compiled.lastIndex = 0;
    return compiled;
  } catch (error) {
    throw refuse(
      path,
      `is the regular expression ${JSON.stringify(pattern)}, which does not compile in JavaScript (${(error as Error).message})`,
      "write it otherwise",
    );
  }
}

/** A run over the pattern from left to right; each method takes what stands at `#at` and gives its translation. */
class Translation {
  readonly #pattern: string;
  readonly #path: string;
  #at = 0;
  #atomics = 0;
  #depth = 0;

  constructor(pattern: string, path: string) {
    this.#pattern = pattern;
    this.#path = path;
  }

  source(): string {
    const source = this.#alternatives(false);
    if (this.#at < this.#pattern.length) throw this.#refused("has a ) that closes nothing");
    return source;
  }

  #alternatives(ignoreCase: boolean): string {
    if (++this.#depth > 200) throw this.#refused("is nested too deeply");
    let source = "";
    while (this.#at < this.#pattern.length && this.#pattern[this.#at] !== ")") {
      if (this.#take("|")) source += "|";
      else source += this.#quantified(this.#atom(ignoreCase));
    }
    this.#depth--;
    return source;
  }

  #quantified(atom: string): string {
    let source = atom;
    for (;;) {
      const rest = this.#pattern.slice(this.#at);
      const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\})/.exec(rest)?.[0];
      if (quantifier === undefined) return source;
      this.#at += quantifier.length;
      if (source !== atom) source = `(?:${source})`;
      source += quantifier.replace("{,", "{0,");
      if (this.#take("?")) source += "?";
      // After braces a plus repeats once more; after the others it is possessive.
      else if (quantifier.length === 1 && this.#take("+")) source = this.#atomic(source);
    }
  }

  /** A look-ahead keeps what it has found, so what it captured is matched whole or not at all. */
  #atomic(source: string): string {
    const name = `atomic${this.#atomics++}`;
    return `(?:(?=(?<${name}>${source}))\\k<${name}>)`;
  }

  #atom(ignoreCase: boolean): string {
    const character = this.#next();
    switch (character) {
      case "(":
        return this.#group(ignoreCase);
      case "[":
        return this.#class(ignoreCase);
      case "\\":
        return this.#escape(ignoreCase, false);
      case ".":
        return "[^\\n]";
      case "^":
        return "(?<![^\\n])";
      case "$":
        return "(?![^\\n])";
      case "*":
      case "+":
      case "?":
        throw this.#refused(`repeats nothing with ${character}`);
      default:
        return this.#literal(character, ignoreCase, false);
    }
  }

  #group(ignoreCase: boolean): string {
    const close = (open: string, inner: boolean): string => {
      const body = this.#alternatives(inner);
      if (!this.#take(")")) throw this.#refused("has a ( that nothing closes");
      return `${open}${body})`;
    };
    if (!this.#take("?")) return close("(?:", ignoreCase); // nothing refers to a group, so none captures
    for (const open of ["=", "!", "<=", "<!", ":"]) if (this.#take(open)) return close(`(?${open}`, ignoreCase);
    if (this.#take(">")) return this.#atomic(close("(?:", ignoreCase));
    const flags = /^(-?i)(:|\))/.exec(this.#pattern.slice(this.#at));
    if (flags === null)
      throw this.#refused(
        `has a group (?${this.#pattern.slice(this.#at, this.#at + 8)}…, of a kind that is not known here`,
      );
    this.#at += flags[0].length;
    const inner = flags[1] === "i";
    if (flags[2] === ":") return close("(?:", inner);
    // (?i) holds to the end of the group that it stands in.
    return `(?:${this.#alternatives(inner)})`;
  }

  #class(ignoreCase: boolean): string {
    if (++this.#depth > 200) throw this.#refused("is nested too deeply");
    let source = this.#take("^") ? "[^" : "[";
    let first = true;
    while (first || this.#pattern[this.#at] !== "]") {
      if (this.#at >= this.#pattern.length) throw this.#refused("has a [ that nothing closes");
      const named = /^\[:(\^?)(\w+):\]/.exec(this.#pattern.slice(this.#at));
      if (named !== null) {
        const set = posix[named[2]!];
        if (set === undefined) throw this.#refused(`has the class [:${named[2]}:], which is not known here`);
        source += named[1] === "^" ? `[^${set}]` : set;
        this.#at += named[0].length;
      } else if (this.#take("&&")) throw this.#refused("intersects classes with &&, which is not known here");
      else if (this.#take("[")) source += this.#class(ignoreCase);
      else if (this.#take("\\")) source += this.#escape(ignoreCase, true);
      else source += this.#member(ignoreCase);
      first = false;
    }
    this.#at++;
    this.#depth--;
    return `${source}]`;
  }

  /** A character of a class, or a range; a hyphen between two characters is a range, elsewhere itself. */
  #member(ignoreCase: boolean): string {
    const character = this.#next();
    const range = /^-(?:\\(?<escaped>[\\\]\-^[/])|(?<plain>[^\]\\[]))/u.exec(this.#pattern.slice(this.#at));
    if (range === null) return this.#literal(character, ignoreCase, true);
    this.#at += range[0].length;
    const end = (range.groups!["escaped"] ?? range.groups!["plain"])!;
    if (!ignoreCase || !/[A-Za-z]/.test(character + end))
      return `${literal(character, false, true)}-${literal(end, false, true)}`;
    if (!/^(?:[a-z]{2}|[A-Z]{2})$/.test(character + end))
      throw this.#refused("has a range of mixed case where case is ignored");
    const both = `${character.toLowerCase()}-${end.toLowerCase()}${character.toUpperCase()}-${end.toUpperCase()}`;
    return both;
  }

  #escape(ignoreCase: boolean, inClass: boolean): string {
    const letter = this.#next();
    const set = classes[letter] ?? (inClass ? undefined : anchors[letter]);
    if (set !== undefined) return set;
    if (letter === "p" || letter === "P") return this.#property(letter);
    if (letter === "x" || letter === "u") return this.#literal(this.#code(letter), ignoreCase, inClass);
    const control = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", e: "\x1b", a: "\x07", 0: "\0" }[letter];
    if (control !== undefined) return literal(control, false, inClass);
    if (/[A-Za-z0-9]/.test(letter)) throw this.#refused(`has \\${letter}, which is not known here`);
    return this.#literal(letter, ignoreCase, inClass);
  }

  #literal(character: string, ignoreCase: boolean, inClass: boolean): string {
    if (ignoreCase && [...character.toUpperCase()].length > 1) {
      throw this.#refused(`ignores the case of ${character}, which has no capital of one letter`);
    }
    return literal(character, ignoreCase, inClass);
  }

  #property(letter: "p" | "P"): string {
    const found = /^\{(\^?)([A-Za-z_ ]+)\}/.exec(this.#pattern.slice(this.#at));
    if (found === null) throw this.#refused(`has \\${letter} without a {property}`);
    this.#at += found[0].length;
    const negated = (letter === "P") !== (found[1] === "^");
    const name = found[2]!;
    for (const property of [name, `Script=${name}`]) {
      const source = `\\${negated ? "P" : "p"}{${property}}`;
      if (compiles(source)) return source;
    }
    throw this.#refused(`has the property ${name}, which JavaScript does not know`);
  }

  #code(letter: "x" | "u"): string {
    const digits = letter === "x" ? /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{1,2}))/ : /^(?:()([0-9A-Fa-f]{4}))/;
    const found = digits.exec(this.#pattern.slice(this.#at));
    const code = found === null ? Number.NaN : Number.parseInt(found[1] || found[2]!, 16);
    if (found === null || code > 0x10ffff) throw this.#refused(`has \\${letter} without the number of a character`);
    this.#at += found[0].length;
    return String.fromCodePoint(code);
  }

  #next(): string {
    const code = this.#pattern.codePointAt(this.#at);
    if (code === undefined) throw this.#refused("ends too early");
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #refused(what: string): Error {
    return refuse(
      this.#path,
      `is the regular expression ${JSON.stringify(this.#pattern)}, which ${what}`,
      "write it otherwise",
    );
  }
}
