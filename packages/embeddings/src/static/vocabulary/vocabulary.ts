import { ConfigError } from "@tenon/tensor";

import { chunksOf } from "../training/chunks.ts";
import type { Text } from "../training/text.ts";
import { WordCounter } from "./word-counter.ts";
import type { Filled } from "../filled.ts";

/** Which words are learned, and how often. */
export interface VocabularyOptions {
  /** Words that occur less often are left out, as if they did not stand in the text. Default 5. */
  readonly minimumCount?: number | undefined;
  /**
   * Frequent words are left out now and then: a word with a share f of the text is kept with probability √(t / f) + t / f, where t is this
   * number. 0 keeps all. Default 1e-3; from 1e-5 on for large texts.
   */
  readonly subsample?: number | undefined;
  /** Bytes that the counting may take; beyond, words that are rare so far are forgotten. Default 512 MiB, about 15 million words. */
  readonly memory?: number | undefined;
}

/** The words of a text and how often each occurs, the frequent ones first. */
export interface Vocabulary {
  readonly words: readonly string[];
  /** [v] */
  readonly counts: Float64Array;
  /** The text's length in bytes, and in words, those that were left out among them. */
  readonly bytes: number;
  readonly textWords: number;
}

/** Fills in what is left out. Throws a ConfigError for what cannot be. */
export function settleVocabulary(what: string, options: VocabularyOptions): Filled<VocabularyOptions> {
  const { minimumCount = 5, subsample = 1e-3, memory = 512 * 2 ** 20 } = options;
  if (!Number.isSafeInteger(minimumCount) || minimumCount < 1)
    throw new ConfigError(`${what}: minimumCount is a whole number from 1 on, got ${minimumCount}`, { minimumCount });
  if (!(subsample >= 0 && subsample < Infinity))
    throw new ConfigError(`${what}: subsample is a number from 0 on, got ${subsample}`, { subsample });
  if (!(memory >= 2 ** 16 && memory <= 2 ** 32))
    throw new ConfigError(`${what}: the memory for words is from 65536 bytes to 4 GiB, got ${memory}`, { memory });
  return { minimumCount, subsample, memory };
}

/**
 * Counts the words of a text: what lies between white space, by its bytes.
 *
 * Throws a ConfigError where the text is no UTF-8, no word occurs often enough, or so many words had to be forgotten that some which occur
 * `minimumCount` times may be missing.
 */
export async function countWords(
  text: Text,
  { minimumCount, memory }: Pick<Filled<VocabularyOptions>, "minimumCount" | "memory">,
  signal?: AbortSignal,
): Promise<Vocabulary> {
  const counter = new WordCounter(memory);
  let [bytes, textWords] = [0, 0];
  for await (const chunk of chunksOf(text, 0)) {
    signal?.throwIfAborted();
    textWords += counter.add(chunk.bytes, { name: text.name, at: chunk.from }).words;
    bytes = chunk.to;
  }
  if (counter.forgotten >= minimumCount) {
    throw new ConfigError(
      `${text.name}: its words take more than the ${memory} bytes that they may, and words that occur ${counter.forgotten} times had to be forgotten; ` +
        `give more memory, or a minimumCount above ${counter.forgotten}`,
      { memory, forgotten: counter.forgotten },
    );
  }
  const { words, counts } = counter.words(minimumCount);
  if (words.length === 0) {
    throw new ConfigError(
      textWords === 0
        ? `${text.name} has no words`
        : `${text.name}: none of its ${counter.size} words occurs ${minimumCount} times; take a lower minimumCount, or more text`,
      { words: counter.size, minimumCount },
    );
  }
  return { words, counts, bytes, textWords };
}
