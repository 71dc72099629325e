import { closeQuote, openQuote, type Sides, sidesOf, start, word } from "./spacing.ts";
import type { Specials } from "./special.ts";

/** One token of a text, with the number of spaces in front of it and the index where it begins. */
export interface Unit {
  readonly token: string;
  readonly spaces: number;
  readonly index: number;
}

/** Letters, digits and their marks, with apostrophes inside: `don't`, `o'clock`, `1984`. */
const wordSource: string = String.raw`[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*`;

/** Cuts texts into special tokens, words, and single characters for all the rest. */
export class Scanner {
  readonly #pattern: RegExp;
  readonly #special: ReadonlyMap<string, Sides>;

  constructor(specials: Specials) {
    this.#pattern = new RegExp(
      [specials.source, wordSource, "[^]"].filter((source) => source !== undefined).join("|"),
      "gu",
    );
    this.#special = new Map(
      specials.list.map(({ role, token }) => [token, role === "mask" || role === "unknown" ? word : start]),
    );
  }

  /** On which sides a token wants a space: special tokens on none, except those that take the place of a word. */
  sides(token: string): Sides {
    return this.#special.get(token) ?? sidesOf(token);
  }

  /**
   * Cuts a text.
   * @yields its tokens in order; the spaces at its end come as a last unit whose token is empty.
   */
  *scan(text: string): Generator<Unit> {
    let spaces = 0;
    let before = start;
    for (const { 0: found, index } of text.matchAll(this.#pattern)) {
      if (found === " ") {
        spaces++;
        continue;
      }
      const opens = spaces > 0 || !before.after;
      const token = found === '"' ? (opens ? openQuote : closeQuote) : found;
      yield { token, spaces, index };
      before = this.sides(token);
      spaces = 0;
    }
    if (spaces > 0) yield { token: "", spaces, index: text.length - spaces };
  }

  /** Could a scan yield this token? */
  yields(token: string): boolean {
    if (token === openQuote || token === closeQuote) return true;
    const [first, ...rest] = this.scan(token);
    return first !== undefined && first.token === token && first.spaces === 0 && rest.length === 0;
  }
}
