import { ConfigError } from "@tenon/tensor";

import { FastTextDictionary, usualLabelPrefix } from "./dictionary.ts";
import type { SubwordSettings } from "./subwords.ts";

/** Entries at which rare ones are forgotten: a Map holds 2²⁴. */
const most = 12_000_000;

/** Which words and labels {@link DictionaryBuilder.build} keeps. */
export interface DictionaryLimits {
  /** How often a word must occur. */
  readonly minimumCount: number;
  /** How often a label must occur. */
  readonly minimumLabelCount: number;
}

/**
 * Counts the words and labels of a text. Where they grow too many, the rarest are forgotten on the way, as in the original: first those that
 * have occurred once, then twice, and so on, so that counts of rare words are then too low.
 */
export class DictionaryBuilder {
  readonly labelPrefix: string;
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #tokens = 0;
  #forgotten = 1;

  constructor(labelPrefix: string = usualLabelPrefix, mostEntries: number = most) {
    this.labelPrefix = labelPrefix;
    this.#most = mostEntries;
  }

  /** Counts one more occurrence. */
  add(token: string): void {
    this.#tokens++;
    this.#counts.set(token, (this.#counts.get(token) ?? 0) + 1);
    if (this.#counts.size <= this.#most) return;
    this.#forgotten++;
    for (const [word, count] of this.#counts) if (count < this.#forgotten) this.#counts.delete(word);
  }

  /** All that were counted and are remembered, in the order in which they came. */
  get entries(): Iterable<readonly [token: string, count: number]> {
    return this.#counts;
  }

  /**
   * The dictionary: words and labels apart, the frequent first.
   *
   * Throws a ConfigError where no word is frequent enough.
   */
  build({ minimumCount, minimumLabelCount }: DictionaryLimits, subwords: SubwordSettings): FastTextDictionary {
    const isLabel = (token: string): boolean => token.startsWith(this.labelPrefix);
    const frequent = [...this.#counts].sort(([, a], [, b]) => b - a);
    const words = frequent.filter(([token, count]) => !isLabel(token) && count >= minimumCount);
    const labels = frequent.filter(([token, count]) => isLabel(token) && count >= minimumLabelCount);
    if (words.length === 0) {
      throw new ConfigError(
        `none of the text's ${this.#counts.size} words occurs ${minimumCount} times; take a lower minimum count, or more text`,
        { words: this.#counts.size, minimumCount },
      );
    }
    return new FastTextDictionary({
      words: words.map(([word]) => word),
      labels: labels.map(([label]) => label),
      counts: Float64Array.from([...words, ...labels], ([, count]) => count),
      tokens: this.#tokens,
      subwords,
      labelPrefix: this.labelPrefix,
    });
  }
}
