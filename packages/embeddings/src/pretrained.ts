import { uniformWithin, type Initialiser } from "@tenon/nn";
import { ConfigError, ShapeError } from "@tenon/tensor";

/** What {@link pretrained} is made from. */
export interface PretrainedOptions {
  /** The words that have vectors. Of one that is there twice, the first counts. */
  readonly words: readonly string[];
  /** Their vectors one after the other, [words, d] row-major. */
  readonly vectors: Float32Array;
  /** The tokens of the model, in the order of their ids. */
  readonly vocabulary: readonly string[];
  /** The word whose vector a token gets, if any. Default: the token itself; lower-case it, for one, where the words are in lower case. */
  readonly wordOf?: ((token: string) => string | undefined) | undefined;
  /** How the rows of tokens without a vector begin. Default: uniform, with the variance of the vectors that are used (Kim 2014). */
  readonly others?: Initialiser | undefined;
}

/** A table that begins with vectors, and how much of it they cover. */
export interface Pretrained {
  /** For the option `initial` of a `TokenEmbedding` with this vocabulary and the vectors' width. */
  readonly initial: Initialiser;
  /** d, of the vectors. */
  readonly width: number;
  /** How many tokens have a vector. */
  readonly found: number;
  /** The tokens that have none, in the order of their ids; their rows begin as `others` says. */
  readonly missing: readonly string[];
}

/**
 * Lets a token embedding begin with word vectors that were trained before, such as word2vec's or GloVe's: table[id] = the vector of the
 * token's word, table [v, d]. Look at what it found: tokens are seldom spelt exactly as words are. To keep the vectors as they are while the
 * rest of a model trains, `freeze(tokens)`: Kim's static channel.
 *
 * Throws `ConfigError` when the vectors do not share out among the words, one that is used is not finite, no token has a vector, or nothing
 * says how the others begin since all vectors are the same number throughout. The initialiser throws `ShapeError` for a table that is
 * not [v, d], and when `others` gives too few or too many numbers.
 *
 * Kim 2014, "Convolutional neural networks for sentence classification".
 *
 * @example
 * ```ts
 * const { initial, width, found, missing } = pretrained({
 *   words: ["cat", "dog"],
 *   vectors: Float32Array.of(1, 2, 3, 4),
 *   vocabulary: ["[PAD]", "Dog"],
 *   wordOf: (token) => token.toLowerCase(),
 * });
 * const tokens = new TokenEmbedding({ vocabulary: 2, width, initial, random: random(1) });
 * console.log(found, missing, (await tokens.table.host()).slice(2)); // 1 [ '[PAD]' ] Float32Array(2) [ 3, 4 ]
 * ```
 */
export function pretrained({
  words,
  vectors,
  vocabulary,
  wordOf = (token) => token,
  others,
}: PretrainedOptions): Pretrained {
  const width = widthOf(words, vectors);
  const rowOf = new Map(words.map((word, row) => [word, row] as const).toReversed());
  // Copies: of millions of vectors, those that no token stands for may be forgotten.
  const vectorOf = vocabulary.map((token) => {
    const word = wordOf(token);
    const row = word === undefined ? undefined : rowOf.get(word);
    return row === undefined ? undefined : vectors.slice(row * width, (row + 1) * width);
  });
  const used = vectorOf.filter((vector) => vector !== undefined);
  const missing = vocabulary.filter((_, id) => vectorOf[id] === undefined);
  expectFinite(vectorOf, vocabulary);
  if (used.length === 0) {
    throw new ConfigError(
      `pretrained: none of the ${vocabulary.length} tokens has a vector; say with \`wordOf\` which word a token stands for`,
      { tokens: vocabulary.length, words: words.length },
    );
  }
  const otherRows = missing.length === 0 ? undefined : (others ?? likeThem(used));
  return {
    width,
    found: used.length,
    missing,
    initial: (random) => (shape) => {
      if (shape.length !== 2 || shape[0] !== vocabulary.length || shape[1] !== width) {
        throw new ShapeError(
          `pretrained: these vectors are for a table [${vocabulary.length}, ${width}], got the shape [${shape.join(", ")}]`,
          { shape, expected: [vocabulary.length, width] },
        );
      }
      const table = new Float32Array(vocabulary.length * width);
      const rest = otherRows?.(random.fork("others"))([missing.length, width]);
      if (rest !== undefined && rest.length !== missing.length * width) {
        throw new ShapeError(
          `pretrained: \`others\` must give rows [${missing.length}, ${width}], ${missing.length * width} numbers, but gave ${rest.length}`,
          { expected: [missing.length, width], length: rest.length },
        );
      }
      let next = 0;
      vectorOf.forEach((vector, id) => table.set(vector ?? rest!.subarray(next, (next += width)), id * width));
      return table;
    },
  };
}

function widthOf(words: readonly string[], vectors: Float32Array): number {
  const width = vectors.length / words.length;
  if (!Number.isInteger(width) || width < 1) {
    throw new ConfigError(
      `pretrained: ${vectors.length} numbers do not share out among ${words.length} words; give each word a vector of the same width`,
      { numbers: vectors.length, words: words.length },
    );
  }
  return width;
}

function expectFinite(vectorOf: readonly (Float32Array | undefined)[], vocabulary: readonly string[]): void {
  const id = vectorOf.findIndex((vector) => vector?.every(Number.isFinite) === false);
  if (id === -1) return;
  throw new ConfigError(`pretrained: the vector of ${JSON.stringify(vocabulary[id])} has numbers that are not finite`, {
    token: vocabulary[id],
  });
}

/** Uniform around 0, with the variance that the numbers of these vectors have. */
function likeThem(vectors: readonly Float32Array[]): Initialiser {
  const count = vectors.length * vectors[0]!.length;
  const sum = (term: (x: number) => number): number =>
    vectors.reduce((total, vector) => vector.reduce((part, x) => part + term(x), total), 0);
  const mean = sum((x) => x) / count;
  const variance = sum((x) => (x - mean) ** 2) / count;
  if (variance === 0) {
    throw new ConfigError(
      `pretrained: every number of the vectors is ${mean}, so they do not tell how the tokens without one begin; say so with \`others\``,
      { mean },
    );
  }
  return (random) => uniformWithin(random, Math.sqrt(3 * variance));
}
