import { ConfigError } from "@tenon/tensor";

import { chunksOf } from "../training/chunks.ts";
import { type Text, textOf } from "../training/text.ts";
import { eachWord } from "./each-word.ts";
import { JoinedPhrases } from "./joined-phrases.ts";
import { WordCounter } from "./word-counter.ts";
import { WordPair } from "./word-pair.ts";
import type { Filled } from "../filled.ts";

/** What makes two words a phrase. */
export interface PhraseOptions {
  /** Words that occur less often are in no phrase. Default 5. */
  readonly minimumCount?: number | undefined;
  /** δ: as many occurrences of a pair do not count, so that rare words make no phrases by chance. Default: {@link minimumCount}. */
  readonly discount?: number | undefined;
  /** The score from which on two words are a phrase: the higher, the fewer. Default 100. */
  readonly threshold?: number | undefined;
  /** Stands between the words of a phrase. Default `_`. */
  readonly joiner?: string | undefined;
  /** Bytes that words, and that pairs, may take while they are counted. Default 512 MiB each. */
  readonly memory?: number | undefined;
}

/**
 * A text in which words that stand together more often than chance has it are joined, `new york` to `new_york`, so that they get a vector
 * of their own. Two neighbours a, b in a line of a text of N words are a phrase if
 *
 *     score = (count(a b) − δ) · N / (count(a) · count(b)) > threshold
 *
 * A word is in one phrase only, the first that it fits into. Do it again with what comes out, and a lower threshold, for longer phrases.
 * The text is streamed: once to count, and once whenever the result is read.
 *
 * Throws a ConfigError for options that cannot be, and what reading the text throws.
 *
 * Mikolov, Sutskever, Chen, Corrado and Dean 2013, "Distributed representations of words and phrases and their compositionality", section 4.
 *
 * @example
 * ```ts
 * const text = "new york is big\nnew ideas of york\nnew york\n".repeat(10);
 * const joined = await joinPhrases(text, { minimumCount: 1, threshold: 2 });
 * for await (const bytes of joined.read(0)) console.log(new TextDecoder().decode(bytes).slice(0, 15)); // new_york is_big
 * ```
 */
export async function joinPhrases(text: string | Text, options: PhraseOptions = {}): Promise<Text> {
  const source = textOf(text);
  const { minimumCount = 5, threshold = 100, joiner = "_", memory = 512 * 2 ** 20 } = options;
  const { discount = minimumCount } = options;
  check({ minimumCount, threshold, discount, joiner });
  const [words, pairs] = [new WordCounter(memory), new WordCounter(memory)];
  const pair = new WordPair();
  let total = 0;
  for await (const { bytes, from: at } of chunksOf(source, 0)) {
    const place = { name: source.name, at };
    eachWord(bytes, {
      word: (from, to, hash) => {
        total++;
        words.count({ bytes, from, to, hash }, place);
        if (pair.next(bytes, from, to, hash)) pairs.count(pair.both, place);
      },
      lineEnd: () => pair.reset(),
    });
  }
  return new JoinedPhrases(source, new TextEncoder().encode(joiner), ({ first, second, both }) => {
    const [a, b] = [words.countOf(first), words.countOf(second)];
    if (Math.min(a, b) < minimumCount) return false;
    return ((pairs.countOf(both) - discount) * total) / (a * b) > threshold;
  });
}

function check({ minimumCount, threshold, discount, joiner }: Filled<Omit<PhraseOptions, "memory">>): void {
  if (!Number.isSafeInteger(minimumCount) || minimumCount < 1)
    throw new ConfigError(`joinPhrases: minimumCount is a whole number from 1 on, got ${minimumCount}`, {
      minimumCount,
    });
  for (const [name, value] of Object.entries({ threshold, discount }))
    if (!(value >= 0))
      throw new ConfigError(`joinPhrases: ${name} is a number from 0 on, got ${value}`, { [name]: value });
  if (joiner === "" || /[\s\0]/.test(joiner))
    throw new ConfigError(`joinPhrases: the joiner is without white space, and not empty, got "${joiner}"`, { joiner });
}
