import { ConfigError } from "@tenon/tensor";

import { similarity } from "../queries/similarity.ts";
import type { WordLookup } from "../word-lookup.ts";
import { WordVectors } from "../word-vectors.ts";
import { pearson, spearman } from "./correlation.ts";
import { KnownWords, type KnownWordsOptions } from "./known-words.ts";
import type { JudgedPair } from "./similarity-set.ts";

/** How judged pairs are evaluated. */
export interface SimilarityOptions extends KnownWordsOptions {
  /** What becomes of a pair with a word that has no vector. Default: "left out"; else its similarity is 0. */
  readonly missing?: "left out" | "zero" | undefined;
}

/** How well similarities of vectors agree with people's. */
export interface SimilarityScores {
  /** Spearman's ρ of cosines and judgements: the usual score. */
  readonly spearman: number;
  /** Pearson's r of them. */
  readonly pearson: number;
  /** How many pairs were compared. */
  readonly pairs: number;
  /** How many pairs have a word without a vector. */
  readonly missing: number;
}

/**
 * Scores vectors by pairs of words that people have judged: the correlation of their judgements with the cosines of the vectors. The scores are
 * those of gensim's `evaluate_word_pairs`. A model that makes vectors for any word, such as fastText's, is asked for each word as it is
 * spelled, and takes neither `first` nor `foldCase`.
 *
 * Throws `ConfigError` for options that make no sense, and where fewer than two pairs have vectors.
 *
 * @example
 * ```ts
 * const vectors = new WordVectors({ words: ["sun", "moon", "mud"], data: Float32Array.of(1, 0, 0.8, 0.6, -1, 0.2) });
 * const judged = parseSimilarities("Sun\tMoon\t8\nsun\tmud\t1\nmoon\tmud\t2\nsun\tsea\t4\n");
 * const { spearman, pairs, missing } = evaluateSimilarities(vectors, judged);
 * console.log(spearman, pairs, missing); // 1 3 1
 * ```
 */
export function evaluateSimilarities(
  vectors: WordVectors | WordLookup,
  set: readonly JudgedPair[],
  options: SimilarityOptions = {},
): SimilarityScores {
  const { missing = "left out" } = options;
  if (missing !== "left out" && missing !== "zero")
    throw new ConfigError(`evaluateSimilarities: \`missing\` is "left out" or "zero", got "${String(missing)}"`, {
      missing,
    });
  const spelled = spelling(vectors, options);
  const [judged, found]: [number[], number[]] = [[], []];
  let absent = 0;
  for (const { words, score } of set) {
    const [a, b] = words.map(spelled);
    const isMissing = a === undefined || b === undefined;
    if (isMissing) absent++;
    if (isMissing && missing === "left out") continue;
    judged.push(score);
    found.push(isMissing ? 0 : similarity(vectors, a, b));
  }
  if (judged.length < 2)
    throw new ConfigError(
      `evaluateSimilarities: only ${judged.length} of ${set.length} pairs have vectors for both words, and a correlation takes two; take vectors of the set's language, or more of them`,
      { pairs: judged.length },
    );
  return { spearman: spearman(judged, found), pearson: pearson(judged, found), pairs: judged.length, missing: absent };
}

/** How a word of the set is spelled where it has a vector. */
function spelling(vectors: WordVectors | WordLookup, options: KnownWordsOptions): (word: string) => string | undefined {
  if (vectors instanceof WordVectors) {
    const known = new KnownWords(vectors, options);
    return (word) => {
      const row = known.row(known.folded(word));
      return row === undefined ? undefined : vectors.words[row];
    };
  }
  if (options.first !== undefined || options.foldCase !== undefined)
    throw new ConfigError(
      "evaluateSimilarities: `first` and `foldCase` are for a table of words; what makes vectors for any word takes neither",
      {},
    );
  return (word) => (vectors.vector(word) === undefined ? undefined : word);
}
