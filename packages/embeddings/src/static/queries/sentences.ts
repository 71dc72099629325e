import { ConfigError } from "@tenon/tensor";

import type { WordLookup } from "../word-lookup.ts";
import type { WordVectors } from "../word-vectors.ts";
import { meanOf } from "./similarity.ts";
import { dot, unit, vectorOf } from "./unit.ts";

/**
 * The cosine of two sentences, each the mean of its words' vectors.
 *
 * Throws `ConfigError` for a sentence without words, a word without a vector, and a mean of zeros.
 *
 * @example
 * ```ts
 * const vectors = new WordVectors({ words: ["sun", "moon", "up"], data: Float32Array.of(1, 0, 0.8, 0.6, 0, 1) });
 * console.log(sentenceSimilarity(vectors, ["sun", "up"], ["moon", "up"]).toFixed(3)); // 0.949
 * ```
 */
export function sentenceSimilarity(lookup: WordLookup, a: readonly string[], b: readonly string[]): number {
  const [x, y] = [a, b].map((words) => {
    if (words.length === 0) throw new ConfigError("sentenceSimilarity: a sentence has no words; give at least one", {});
    return unit(
      meanOf(
        words.map((word) => vectorOf(lookup, word)),
        lookup.width,
      ),
      () => words.join(" "),
    );
  });
  return dot(x!, y!);
}

/** How {@link sentenceVectors} weighs. */
export interface SentenceVectorOptions {
  /** a: the smaller, the less frequent words count. Default: 10⁻³. */
  readonly smoothing?: number | undefined;
}

/** More than enough for the first direction to stand out. */
const turns = 100;

/**
 * Vectors of sentences by smooth inverse frequency: v_s = 1/|s| · Σ_w a/(a + p(w)) · v_w, with p(w) how frequent a word is, less what all
 * sentences have in common: v_s − u uᵀ v_s, with u the first singular vector of all v_s. Compare them by their cosine.
 *
 * Throws `ConfigError` for vectors without counts, no sentences, a sentence without words, and a word without a vector.
 *
 * Arora, Liang, Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings".
 *
 * @example
 * ```ts
 * const data = Float32Array.of(1, 0, 0.8, 0.6, 1, 1, 0, 1);
 * const counts = Float64Array.of(10, 10, 1000, 5);
 * const vectors = new WordVectors({ words: ["sun", "moon", "the", "sea"], data, counts });
 * const [sun, sea] = sentenceVectors(vectors, [["the", "sun"], ["the", "sea"], ["the", "moon"]]);
 * console.log(sun[0] > 0, sea[0] < 0); // true true
 * ```
 */
export function sentenceVectors(
  vectors: WordVectors,
  sentences: readonly (readonly string[])[],
  { smoothing = 1e-3 }: SentenceVectorOptions = {},
): Float32Array[] {
  const { counts, width } = vectors;
  if (counts === undefined)
    throw new ConfigError(
      "sentenceVectors: the vectors have no counts, so nobody knows how frequent a word is; take those of a training, or sentenceSimilarity",
      {},
    );
  if (!(smoothing > 0))
    throw new ConfigError(`sentenceVectors: \`smoothing\` is above 0, got ${smoothing}`, { smoothing });
  if (sentences.length === 0 || sentences.some((words) => words.length === 0))
    throw new ConfigError(
      "sentenceVectors: there is a sentence without words, or none at all; give at least one word for each",
      {},
    );
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weighted = sentences.map((words) => {
    const mean = new Float64Array(width);
    for (const word of words) {
      const vector = vectorOf(vectors, word);
      const weight = smoothing / (smoothing + counts[vectors.row(word)!]! / total) / words.length;
      for (let i = 0; i < width; i++) mean[i]! += weight * vector[i]!;
    }
    return mean;
  });
  const common = firstDirection(weighted, width);
  return weighted.map((x) => {
    const along = dot(x, common);
    return Float32Array.from(x, (value, i) => value - along * common[i]!);
  });
}

/** The first right singular vector of the matrix with these rows, by power iteration: u ← Σ x (x·u), of length 1. */
function firstDirection(rows: readonly Float64Array[], width: number): Float64Array {
  // Begun with a row: of what all are orthogonal to, nothing would come.
  let direction = Float64Array.from(
    rows.reduce((longest, row) => (dot(row, row) > dot(longest, longest) ? row : longest)),
  );
  for (let turn = 0; turn < turns; turn++) {
    const next = new Float64Array(width);
    for (const row of rows) {
      const along = dot(row, direction);
      for (let i = 0; i < width; i++) next[i]! += along * row[i]!;
    }
    const length = Math.sqrt(dot(next, next));
    if (length === 0) return next;
    direction = next.map((x) => x / length);
  }
  return direction;
}
