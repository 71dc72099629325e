import { ConfigError } from "@tenon/tensor";
import { kindOf } from "./check.ts";

/**
 * Tokens that stand for something other than text, by their role: `{ mask: "[MASK]", pad: "[PAD]", end: "[END]" }`.
 *
 * Roles are free. Two of them mean something to this package: `unknown` stands for every character or word that the vocabulary
 * lacks, and in a word tokenizer both it and `mask` take the place of a word, with the spaces that a word has around it.
 *
 * @example
 * ```ts
 * const special: SpecialTokens = { mask: "[MASK]", end: "[END]" };
 * const tokenizer = characterTokenizer("abc", { special });
 * console.log(tokenizer.special); // { mask: 3, end: 4 }
 * console.log(tokenizer.encode("ab[END]")); // [ 0, 1, 4 ]
 * ```
 */
export type SpecialTokens = Readonly<Record<string, string>>;

/** Special tokens, checked: each is findable in a text and cannot be mistaken for a piece of it. */
export class Specials {
  /** In the order of their ids. */
  readonly list: readonly { readonly role: string; readonly token: string }[];
  /** The source of a regular expression that finds any of them, the longest first; undefined if there are none. */
  readonly source: string | undefined;
  readonly #splitter: RegExp | undefined;

  constructor(special: SpecialTokens = {}) {
    if (typeof special !== "object" || special === null || Array.isArray(special)) {
      throw new ConfigError(`special is an object such as { mask: "[MASK]" }, got ${kindOf(special)}`, {
        key: "special",
      });
    }
    this.list = Object.entries(special).map(([role, token]) => ({ role, token }));
    for (const [index, entry] of this.list.entries()) check(entry, this.list.slice(0, index));
    const longestFirst = this.list.map(({ token }) => token).sort((a, b) => b.length - a.length);
    this.source = longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|") || undefined;
    this.#splitter = this.source === undefined ? undefined : new RegExp(`(${this.source})`, "u");
  }

  /** The text cut at its special tokens: text at the even places (perhaps empty), special tokens at the odd ones. */
  split(text: string): string[] {
    return this.#splitter === undefined ? [text] : text.split(this.#splitter);
  }
}

function check(
  { role, token }: { role: string; token: string },
  before: readonly { role: string; token: string }[],
): void {
  const key = `special.${role}`;
  if (!/^[a-z][A-Za-z0-9]*$/.test(role)) {
    throw new ConfigError(
      `the role of a special token is a name such as mask or endOfText, got ${JSON.stringify(role)}`,
      { key },
    );
  }
  // Punctuation at both ends keeps a word from growing into it, and whole characters keep it encodable.
  if (typeof token !== "string" || !/^[^\p{L}\p{N}\p{M}\s]\S*[^\p{L}\p{N}\s]$/u.test(token) || /\p{Cs}/u.test(token)) {
    throw new ConfigError(
      `${key} is two or more characters with punctuation at both ends and no spaces, such as "[MASK]" or "<|end|>"; ` +
        `got ${typeof token === "string" ? JSON.stringify(token) : kindOf(token)}`,
      { key, got: token },
    );
  }
  const same = before.find((other) => other.token === token);
  if (same) {
    throw new ConfigError(
      `special.${same.role} and ${key} are both ${JSON.stringify(token)}; each needs a text of its own`,
      {
        key,
        got: token,
      },
    );
  }
}
