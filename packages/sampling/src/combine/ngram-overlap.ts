import { ConfigError } from "@tenon/tensor";

/** Ids, words, or a string, which counts as its characters. */
type Pieces = string | ArrayLike<number | string>;

/**
 * How much two texts overlap, as a utility for `minimumBayesRisk`: the F-score of the n-grams that they share,
 * F = 2 Σ_g min(a_g, b_g) / (Σ_g a_g + Σ_g b_g), where a_g is how often the n-gram g occurs in a. From 0, nothing in common, to 1, the same n-grams.
 * A text is a list of ids or words, or a string, whose pieces are its characters (code points).
 *
 * Where a text has fewer than n pieces, n is what the shorter one has, so that short texts can be compared. Two empty texts are the same. It is not BLEU: one n, no brevity penalty, and
 * symmetric.
 *
 * Throws `ConfigError` when n is not a whole number of at least 1.
 *
 * @example
 * ```ts
 * const overlap = ngramOverlap(2);
 * console.log(overlap([1, 2, 3], [1, 2, 4]), overlap("banana", "bandana")); // 0.5 0.7272727272727273
 * ```
 */
export function ngramOverlap(n: number): (a: Pieces, b: Pieces) => number {
  if (!Number.isSafeInteger(n) || n < 1) {
    throw new ConfigError(`ngramOverlap(n) counts n-grams of at least 1 piece, n being a whole number, got ${n}`, {
      n,
    });
  }
  return (a, b) => {
    const [left, right] = [Array.from<number | string>(a), Array.from<number | string>(b)];
    if (left.length === 0 && right.length === 0) return 1;
    const size = Math.min(n, left.length, right.length);
    if (size === 0) return 0;
    const counts = counted(left, size);
    let shared = 0;
    for (const [gram, count] of counted(right, size)) shared += Math.min(count, counts.get(gram) ?? 0);
    return (2 * shared) / (left.length + right.length - 2 * (size - 1));
  };
}

/** How often each n-gram occurs. */
function counted(pieces: readonly (number | string)[], size: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + size <= pieces.length; i++) {
    const gram = JSON.stringify(pieces.slice(i, i + size));
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}
