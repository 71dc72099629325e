import type { Pace } from "../pace.ts";
import { pairQueue } from "./pair-queue.ts";
import { WordSymbols } from "./word-symbols.ts";

/** What the merging starts from. */
export interface MergeStart {
  /** The tokens in the order of their ids: special ones, then the alphabet. */
  readonly tokens: readonly string[];
  /** The distinct words, in ids of the alphabet. */
  readonly words: readonly (readonly number[])[];
  /** How often each word occurs. */
  readonly counts: readonly number[];
  readonly maximumSize: number;
  /** A pair that occurs fewer times is not merged. */
  readonly minimumCount: number;
  /** The text of a merged pair. */
  readonly join: (left: string, right: string) => string;
}

/** A vocabulary in the order of its ids, and the merges in the order in which an encoder does them. */
export interface Merges {
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [left: string, right: string])[];
}

/** Ids are below this, so the key of a pair is an exact number. */
const base: number = 2 ** 24;

/**
 * Merges the most frequent pair of neighbours into a new token, again and again (Sennrich et al. 2016), with the pair counts kept up to
 * date: a merge looks only into the words that have the pair.
 *
 * The result is that of the `BpeTrainer` of Hugging Face `tokenizers`: of equally frequent pairs, the one with the lower left id comes first,
 * then the one with the lower right id. Only a pair whose text is a token already, a special one, is left alone here.
 */
export async function mergePairs(start: MergeStart, pace: Pace): Promise<Merges> {
  const { maximumSize, minimumCount, counts, join } = start;
  const tokens = [...start.tokens];
  const known = new Set(tokens);
  const words = new WordSymbols(start.words);
  const pairCounts = new Map<number, number>();
  const queue = pairQueue();
  const merges: [left: string, right: string][] = [];

  let fresh = new Map<number, number[]>();
  let word = 0;
  const change = (left: number, right: number, by: 1 | -1): void => {
    const key = left * base + right;
    pairCounts.set(key, (pairCounts.get(key) ?? 0) + by * counts[word]!);
    if (by < 0) return;
    const places = fresh.get(key);
    if (places === undefined) fresh.set(key, [word]);
    else if (places.at(-1) !== word) places.push(word);
  };
  const enqueue = (): void => {
    for (const [key, places] of fresh) {
      const count = pairCounts.get(key)!;
      if (count > 0) queue.push({ key, count, words: places });
    }
    fresh = new Map();
  };

  words.pairs((left, right, at) => {
    word = at;
    change(left, right, 1);
  });
  enqueue();

  while (tokens.length < maximumSize) {
    if (pace.due()) await pace.pause({ phase: "merges", done: tokens.length, total: maximumSize });
    const top = queue.pop();
    if (top === undefined) break;
    const count = pairCounts.get(top.key)!;
    if (top.count !== count) {
      top.count = count;
      queue.push(top);
      continue;
    }
    if (count < Math.max(1, minimumCount)) break;

    const left = Math.floor(top.key / base);
    const right = top.key % base;
    const text = join(tokens[left]!, tokens[right]!);
    if (known.has(text)) continue;
    known.add(text);
    merges.push([tokens[left]!, tokens[right]!]);
    const merged = tokens.push(text) - 1;
    for (word of top.words) words.merge(word, left, right, merged, change);
    enqueue();
  }
  await pace.pause({ phase: "merges", done: tokens.length, total: maximumSize });
  return { tokens, merges };
}
