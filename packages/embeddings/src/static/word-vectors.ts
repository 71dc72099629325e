import { ConfigError } from "@tenon/tensor";

import type { WordLookup } from "./word-lookup.ts";

/** What {@link WordVectors} are made of. */
export interface WordVectorsOptions {
  /** The words, each once, by custom the frequent ones first. */
  readonly words: readonly string[];
  /** Their vectors, one after the other, [v, d]. Kept, not copied. */
  readonly data: Float32Array;
  /** How often each word occurs in the text that was learned from, [v], where it is known. */
  readonly counts?: Float64Array | undefined;
}

/**
 * Words and their vectors: what word2vec, GloVe and fastText learn, and what their files hold.
 *
 * Throws a ConfigError where there are no words, where the numbers do not make as many vectors as there are words or a word occurs twice.
 *
 * @example
 * ```ts
 * const vectors = new WordVectors({ words: ["sun", "moon"], data: Float32Array.of(1, 0, 0.8, 0.6) });
 * console.log(vectors.width, vectors.row("moon"), vectors.vector("star")); // 2 1 undefined
 * ```
 */
export class WordVectors implements WordLookup {
  readonly words: readonly string[];
  readonly data: Float32Array;
  readonly counts: Float64Array | undefined;
  readonly width: number;
  readonly #rows: ReadonlyMap<string, number>;

  constructor({ words, data, counts }: WordVectorsOptions) {
    const width = data.length / words.length;
    if (words.length === 0 || width === 0 || !Number.isInteger(width)) {
      throw new ConfigError(
        `WordVectors: ${data.length} numbers are not vectors of ${words.length} words; give the same number of them, at least one, for each`,
        { words: words.length, numbers: data.length },
      );
    }
    if (counts !== undefined && counts.length !== words.length) {
      throw new ConfigError(`WordVectors: ${words.length} words have ${counts.length} counts; give one for each`, {
        words: words.length,
        counts: counts.length,
      });
    }
    const rows = new Map(words.map((word, row) => [word, row]));
    if (rows.size < words.length) {
      const row = words.findIndex((word, i) => rows.get(word) !== i);
      const word = words[row]!;
      throw new ConfigError(
        `WordVectors: "${word}" stands in rows ${row} and ${rows.get(word)!}; give each word once`,
        { word },
      );
    }
    this.words = words;
    this.data = data;
    this.counts = counts;
    this.width = width;
    this.#rows = rows;
  }

  /** The row of a word; undefined where it has none. */
  row(word: string): number | undefined {
    return this.#rows.get(word);
  }

  /** The vector of a word, [d]: a part of {@link data}, not a copy. */
  vector(word: string): Float32Array | undefined {
    const row = this.#rows.get(word);
    return row === undefined ? undefined : this.data.subarray(row * this.width, (row + 1) * this.width);
  }
}
