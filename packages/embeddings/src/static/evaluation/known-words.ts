import { ConfigError } from "@tenon/tensor";

import type { WordVectors } from "../word-vectors.ts";

/** Which words of a table an evaluation may use, and how they are spelled. */
export interface KnownWordsOptions {
  /** How many words, from the first on, are used. Default: 300,000, as gensim has it. */
  readonly first?: number | undefined;
  /** Whether large and small letters are the same; of words that then are one the first counts. Default: yes. */
  readonly foldCase?: boolean | undefined;
}

/** The first words of a table, found by their spelling. */
export class KnownWords {
  readonly first: number;
  readonly #foldCase: boolean;
  readonly #rows = new Map<string, number>();

  constructor({ words }: WordVectors, { first = 300_000, foldCase = true }: KnownWordsOptions) {
    if (!(Number.isInteger(first) && first > 0))
      throw new ConfigError(`an evaluation uses the first words: \`first\` is a whole number from 1 up, got ${first}`, {
        first,
      });
    this.first = Math.min(first, words.length);
    this.#foldCase = foldCase;
    for (let row = 0; row < this.first; row++) {
      const word = this.folded(words[row]!);
      if (!this.#rows.has(word)) this.#rows.set(word, row);
    }
  }

  /** A word as it is compared. */
  folded(word: string): string {
    return this.#foldCase ? word.toUpperCase() : word;
  }

  /** The row of a word that is folded already. */
  row(folded: string): number | undefined {
    return this.#rows.get(folded);
  }
}
