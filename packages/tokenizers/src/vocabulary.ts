import { ConfigError } from "@tenon/tensor";
import { kindOf } from "./check.ts";
import type { Specials } from "./special.ts";

/** The tokens of a tokenizer and their ids: those of the text first, the special ones after them. */
export class Vocabulary {
  /** The tokens of the text. */
  readonly tokens: readonly string[];
  /** The ids of the special tokens by role. */
  readonly special: Readonly<Record<string, number>>;
  readonly size: number;
  readonly #names: readonly string[];
  readonly #ids = new Map<string, number>();

  constructor(tokens: readonly string[], specials: Specials) {
    checkTokens(tokens);
    this.tokens = tokens;
    this.special = Object.fromEntries(specials.list.map(({ role }, index) => [role, tokens.length + index]));
    this.#names = [...tokens, ...specials.list.map(({ token }) => token)];
    this.size = this.#names.length;
    for (const [id, name] of this.#names.entries()) {
      const taken = this.#ids.get(name);
      if (taken !== undefined) {
        throw new ConfigError(
          `the token ${JSON.stringify(name)} has the ids ${taken} and ${id}; remove one of the two`,
          {
            key: "vocabulary",
            token: name,
          },
        );
      }
      this.#ids.set(name, id);
    }
  }

  id(token: string): number | undefined {
    return this.#ids.get(token);
  }

  token(id: number): string {
    const name = this.#names[id];
    if (name === undefined) {
      throw new ConfigError(
        `a token id of this tokenizer is a whole number from 0 to ${this.size - 1}, got ${String(id)}`,
        {
          id,
          size: this.size,
        },
      );
    }
    return name;
  }

  isSpecial(id: number): boolean {
    return id >= this.tokens.length;
  }
}

function checkTokens(tokens: readonly string[]): void {
  if (tokens.length === 0) {
    throw new ConfigError("the vocabulary is empty; build it from a text or a list with something in it", {
      key: "vocabulary",
    });
  }
  for (const [index, token] of tokens.entries()) {
    const key = `vocabulary[${index}]`;
    if (typeof token !== "string" || token === "") {
      throw new ConfigError(
        `${key} is a string with something in it, got ${typeof token === "string" ? '""' : kindOf(token)}`,
        {
          key,
          got: token,
        },
      );
    }
    if (/\p{Cs}/u.test(token)) {
      throw new ConfigError(
        `${key} holds half a surrogate pair, ${JSON.stringify(token)}; use text.toWellFormed() to replace such halves`,
        {
          key,
          got: token,
        },
      );
    }
  }
}
