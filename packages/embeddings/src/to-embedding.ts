import { type Initialiser } from "@tenon/nn";
import { ConfigError, type Random } from "@tenon/tensor";

import { pretrained } from "./pretrained.ts";
import { TokenEmbedding } from "./token-embedding.ts";

/** What knows vectors of words: `WordVectors` or a fastText model of `@tenon/embeddings/static`, or something of your own. */
export interface VectorLookup {
  /** d: numbers in a vector. */
  readonly width: number;
  /** The vector of a word, [d]; undefined where there is none. */
  vector(word: string): Float32Array | undefined;
}

/** What knows the tokens of a model: every tokenizer of `@tenon/tokenizers`. */
export interface TokenNames {
  /** v: ids run from 0 to size − 1. */
  readonly size: number;
  /** What a token is called. */
  token(id: number): string;
}

/** How {@link toEmbedding} makes a table. */
export interface ToEmbeddingOptions {
  /** Where random rows come from. */
  readonly random: Random;
  /**
   * How the rows of tokens without a vector begin: `"random"`, uniform with the variance of the vectors that are used (Kim 2014), `"mean"`, the mean of these,
   * or `"zeros"`. Default: `"random"`.
   */
  readonly missing?: "random" | "mean" | "zeros" | undefined;
  /** The word whose vector a token gets, if any. Default: the token itself; take off `Ġ`, `▁` or large letters here. */
  readonly wordOf?: ((token: string) => string | undefined) | undefined;
}

/** A token embedding that begins with vectors of words, and how much of it they cover. */
export interface EmbeddingOfVectors {
  readonly embedding: TokenEmbedding;
  /** How many tokens have a vector. */
  readonly found: number;
  /** The tokens that have none, in the order of their ids. */
  readonly missing: readonly string[];
}

/**
 * Makes word vectors the embedding table of a model: table[id] = the vector of the token's word, table [v, d]. It trains with the rest;
 * `freeze(embedding)` keeps it as it is.
 *
 * Throws `ConfigError` when no token has a vector, and for what {@link pretrained} refuses.
 *
 * Kim 2014, "Convolutional neural networks for sentence classification".
 *
 * @example
 * ```ts
 * const vectors = new Map([["sun", Float32Array.of(1, 0)], ["moon", Float32Array.of(0.5, 0.5)]]);
 * const lookup = { width: 2, vector: (word: string) => vectors.get(word) };
 * const names = ["[PAD]", "Sun", "moon"];
 * const { embedding, found, missing } = toEmbedding(
 *   lookup,
 *   { size: names.length, token: (id) => names[id]! },
 *   { random: random(1), missing: "mean", wordOf: (token) => token.toLowerCase() },
 * );
 * console.log(found, missing); // 2 [ '[PAD]' ]
 * console.log(await embedding.table.host()); // Float32Array(6) [ 0.75, 0.25, 1, 0, 0.5, 0.5 ]
 * ```
 */
export function toEmbedding(
  vectors: VectorLookup,
  tokenizer: TokenNames,
  { random, missing: kind = "random", wordOf = (token) => token }: ToEmbeddingOptions,
): EmbeddingOfVectors {
  const vocabulary = Array.from({ length: tokenizer.size }, (_, id) => tokenizer.token(id));
  const words: string[] = [];
  const used: Float32Array[] = [];
  for (const token of vocabulary) {
    const word = wordOf(token);
    const vector = word === undefined ? undefined : vectors.vector(word);
    if (vector === undefined) continue;
    words.push(token);
    used.push(vector);
  }
  if (used.length === 0)
    throw new ConfigError(
      `toEmbedding: none of the ${vocabulary.length} tokens, such as ${vocabulary
        .slice(0, 5)
        .map((token) => JSON.stringify(token))
        .join(", ")}, has a vector; say with \`wordOf\` which word a token stands for`,
      { tokens: vocabulary.length },
    );
  const rows = new Float32Array(used.length * vectors.width);
  used.forEach((vector, i) => rows.set(vector, i * vectors.width));
  const { initial, width, found, missing } = pretrained({
    words,
    vectors: rows,
    vocabulary,
    others: othersOf(kind, rows, vectors.width),
  });
  return { embedding: new TokenEmbedding({ vocabulary: vocabulary.length, width, initial, random }), found, missing };
}

/** How other rows begin; undefined leaves it to {@link pretrained}. */
function othersOf(kind: "random" | "mean" | "zeros", rows: Float32Array, width: number): Initialiser | undefined {
  if (kind === "random") return undefined;
  if (kind !== "mean" && kind !== "zeros")
    throw new ConfigError(`toEmbedding: \`missing\` is "random", "mean" or "zeros", got "${String(kind)}"`, {
      missing: kind,
    });
  const row = new Float64Array(width);
  if (kind === "mean") rows.forEach((x, i) => (row[i % width]! += (x * width) / rows.length));
  return () =>
    ([count]) =>
      Float32Array.from({ length: count! * width }, (_, i) => row[i % width]!);
}
