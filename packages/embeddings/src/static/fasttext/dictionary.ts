import { ConfigError } from "@tenon/tensor";

import { hash, wordNgramBuckets } from "./hash.ts";
import { characterBuckets, type SubwordSettings, utf8 } from "./subwords.ts";

/** The word that stands for the end of a line. */
export const endOfLine = "</s>";
/** What labels begin with, unless a training is told otherwise. */
export const usualLabelPrefix = "__label__";

/** What {@link FastTextDictionary} is made of. */
export interface FastTextDictionaryOptions {
  /** The words, each once; by custom the frequent ones first. */
  readonly words: readonly string[];
  /** The labels of a classifier, their prefix included; each once, none of them a word. */
  readonly labels: readonly string[];
  /** How often each word and then each label occurs. */
  readonly counts: Float64Array;
  /** How many words and labels the text had, rare ones included. */
  readonly tokens: number;
  readonly subwords: SubwordSettings;
  /** The buckets that a quantised model has kept, and the row that each has among them. Default: all are kept. */
  readonly kept?: ReadonlyMap<number, number> | undefined;
  /** What labels begin with. Default: `__label__`, as in every model that is read from a file. */
  readonly labelPrefix?: string | undefined;
}

/**
 * The words and labels of a fastText model, and the rows of its input matrix that a word or a line is the mean of: first the words, one row
 * each, then the buckets of n-grams.
 *
 * Throws a ConfigError where a word or label occurs twice or the counts are not as many.
 *
 * @example
 * ```ts
 * const subwords = { shortest: 3, longest: 3, wordNgrams: 1, buckets: 100 };
 * const dictionary = new FastTextDictionary({ words: ["sun"], labels: [], counts: Float64Array.of(7), tokens: 7, subwords });
 * console.log(dictionary.rows("sun")); // [ 0, 72, 18, 49 ]
 * console.log(dictionary.rows("us")); // [ 72, 50 ]
 * ```
 */
export class FastTextDictionary {
  readonly words: readonly string[];
  readonly labels: readonly string[];
  readonly counts: Float64Array;
  readonly tokens: number;
  readonly subwords: SubwordSettings;
  readonly kept: ReadonlyMap<number, number> | undefined;
  readonly labelPrefix: string;
  readonly #ids: ReadonlyMap<string, number>;

  constructor(options: FastTextDictionaryOptions) {
    const { words, labels, counts, tokens, subwords, kept, labelPrefix = usualLabelPrefix } = options;
    const ids = new Map<string, number>();
    for (const list of [words, labels]) {
      for (const word of list) {
        if (ids.has(word))
          throw new ConfigError(`FastTextDictionary: "${word}" occurs twice; give each once`, { word });
        ids.set(word, ids.size);
      }
    }
    if (counts.length !== ids.size) {
      throw new ConfigError(
        `FastTextDictionary: ${ids.size} words and labels have ${counts.length} counts; give one for each`,
        { words: words.length, labels: labels.length, counts: counts.length },
      );
    }
    this.words = words;
    this.labels = labels;
    this.counts = counts;
    this.tokens = tokens;
    this.subwords = subwords;
    this.kept = kept;
    this.labelPrefix = labelPrefix;
    this.#ids = ids;
  }

  /** How many rows the input matrix of such a model has. */
  get inputRows(): number {
    return this.words.length + (this.kept?.size ?? this.subwords.buckets);
  }

  /** The number of a word, or the number of words plus that of a label; undefined where it is neither. */
  id(word: string): number | undefined {
    return this.#ids.get(word);
  }

  /** The rows of the input matrix whose mean is the vector of a word: its own, if it has one, then those of its character n-grams. */
  rows(word: string): number[] {
    const id = this.#ids.get(word);
    const rows = id === undefined ? [] : [id];
    if (word !== endOfLine) for (const bucket of characterBuckets(word, this.subwords)) this.#push(bucket, rows);
    return rows;
  }

  /**
   * The rows of the input matrix whose mean is the vector of a line, as a classifier reads it: those of its words, then those of its word
   * n-grams; and its known labels, by their numbers. The line ends at the token `</s>`, if it has one.
   */
  line(tokens: Iterable<string>): { readonly rows: number[]; readonly labels: number[] } {
    const rows: number[] = [];
    const labels: number[] = [];
    const hashes: number[] = [];
    const { wordNgrams, buckets } = this.subwords;
    for (const token of tokens) {
      const id = this.#ids.get(token);
      const isWord = id === undefined ? !token.startsWith(this.labelPrefix) : id < this.words.length;
      if (isWord) {
        for (const row of this.rows(token)) rows.push(row);
        if (wordNgrams > 1) hashes.push(hash(utf8(token)));
      } else if (id !== undefined) labels.push(id - this.words.length);
      if (token === endOfLine) break;
    }
    wordNgramBuckets(hashes, wordNgrams, buckets, (bucket) => this.#push(bucket, rows));
    return { rows, labels };
  }

  #push(bucket: number, rows: number[]): void {
    const kept = this.kept === undefined ? bucket : this.kept.get(bucket);
    if (kept !== undefined) rows.push(this.words.length + kept);
  }
}
