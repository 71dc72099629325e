import { ConfigError } from "@tenon/tensor";

import type { WordLookup } from "../word-lookup.ts";
import { dot, unit, vectorOf } from "./unit.ts";

/**
 * The cosine of two words' vectors, from −1 to 1.
 *
 * Throws `ConfigError` for a word without a vector, or with one of zeros.
 *
 * @example
 * ```ts
 * const vectors = new WordVectors({ words: ["sun", "moon"], data: Float32Array.of(1, 0, 0.8, 0.6) });
 * console.log(similarity(vectors, "sun", "moon").toFixed(2)); // 0.80
 * ```
 */
export function similarity(lookup: WordLookup, a: string, b: string): number {
  const [x, y] = [a, b].map((word) => unit(vectorOf(lookup, word), () => JSON.stringify(word)));
  return dot(x!, y!);
}

/**
 * Which word does not fit among the others: the one whose vector has the lowest cosine with the mean of all, each of length 1. Gives all words
 * with their cosines, the odd one first.
 *
 * Throws `ConfigError` for fewer than two words, and for one without a vector.
 *
 * @example
 * ```ts
 * const data = Float32Array.of(1, 0, 0.8, 0.6, 0.9, 0.1, -1, 0.3);
 * const vectors = new WordVectors({ words: ["sun", "moon", "star", "mud"], data });
 * console.log(oddOneOut(vectors, ["sun", "mud", "moon", "star"])[0].word); // mud
 * ```
 */
export function oddOneOut(
  lookup: WordLookup,
  words: readonly string[],
): { readonly word: string; readonly score: number }[] {
  if (words.length < 2) throw new ConfigError(`oddOneOut: it takes two words at least, got ${words.length}`, { words });
  const units = words.map((word) => unit(vectorOf(lookup, word), () => JSON.stringify(word)));
  const mean = unit(meanOf(units, lookup.width), () => "all of them together");
  return words.map((word, i) => ({ word, score: dot(units[i]!, mean) })).toSorted((a, b) => a.score - b.score);
}

/** The mean of vectors. */
export function meanOf(vectors: readonly Float32Array[], width: number): Float64Array {
  const mean = new Float64Array(width);
  for (const x of vectors) for (let i = 0; i < width; i++) mean[i]! += x[i]! / vectors.length;
  return mean;
}
