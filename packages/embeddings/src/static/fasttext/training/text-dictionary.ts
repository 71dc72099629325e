import { ConfigError } from "@tenon/tensor";

import { chunksOf } from "../../training/chunks.ts";
import type { Text } from "../../training/text.ts";
import { WordCounter } from "../../vocabulary/word-counter.ts";
import { endOfLine, FastTextDictionary } from "../dictionary.ts";
import type { SubwordSettings } from "../subwords.ts";

/** Which words and labels a dictionary has. */
export interface DictionarySettings {
  /** How often a word must occur. */
  readonly minimumCount: number;
  /** How often a label must occur. */
  readonly minimumLabelCount: number;
  readonly labelPrefix: string;
  /** Bytes that the counting may take; beyond, words that are rare so far are forgotten. */
  readonly memory: number;
  readonly subwords: SubwordSettings;
  /** Words that are added, however rare, as the original does with those that have pretrained vectors: each counts once more. */
  readonly also?: readonly string[] | undefined;
}

/**
 * The dictionary of a text: its words and its labels, the frequent ones first; each line's end counts as the word `</s>`. Also the text's
 * length in bytes.
 *
 * Throws a ConfigError where the text is no UTF-8, or no word occurs often enough.
 */
export async function dictionaryOf(
  text: Text,
  { minimumCount, minimumLabelCount, labelPrefix, memory, subwords, also = [] }: DictionarySettings,
  signal?: AbortSignal,
): Promise<{ readonly dictionary: FastTextDictionary; readonly bytes: number }> {
  const counter = new WordCounter(memory);
  let [bytes, tokens, lines] = [0, 0, 0];
  for await (const chunk of chunksOf(text, 0)) {
    signal?.throwIfAborted();
    const seen = counter.add(chunk.bytes, { at: chunk.from, name: text.name });
    tokens += seen.words + seen.lines;
    lines += seen.lines;
    bytes = chunk.to;
  }
  if (counter.forgotten >= minimumCount) {
    throw new ConfigError(
      `${text.name}: its words take more than the ${memory} bytes that they may, and words that occur ${counter.forgotten} times had to be forgotten; ` +
        `give more memory, or a minimumCount above ${counter.forgotten}`,
      { memory, forgotten: counter.forgotten },
    );
  }
  const counted = counter.words(Math.max(1, Math.min(minimumCount, minimumLabelCount)));
  const counts = new Map(counted.words.map((word, i) => [word, counted.counts[i]!]));
  const ends = lines + (counts.get(endOfLine) ?? 0);
  if (ends > 0) counts.set(endOfLine, ends);

  const isLabel = (token: string): boolean => token.startsWith(labelPrefix);
  const frequent = [...counts].filter(([token, count]) => count >= (isLabel(token) ? minimumLabelCount : minimumCount));
  if (frequent.every(([token]) => isLabel(token))) {
    throw new ConfigError(
      tokens === lines
        ? `${text.name} has no words`
        : `${text.name}: none of its ${counter.size} words occurs ${minimumCount} times; take a lower minimumCount, or more text`,
      { words: counter.size, minimumCount },
    );
  }
  const all = new Map(frequent);
  for (const word of also) all.set(word, (all.get(word) ?? 0) + 1);
  const sorted = [...all].sort(([, a], [, b]) => b - a);
  const words = sorted.filter(([token]) => !isLabel(token));
  const labels = sorted.filter(([token]) => isLabel(token));
  const dictionary = new FastTextDictionary({
    words: words.map(([word]) => word),
    labels: labels.map(([label]) => label),
    counts: Float64Array.from([...words, ...labels], ([, count]) => count),
    tokens: tokens + also.length,
    subwords,
    labelPrefix,
  });
  return { dictionary, bytes };
}
