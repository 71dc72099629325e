/**
 * Documents as token ids that may be too many for memory: any of them, again and again.
 *
 * @example
 * ```ts
 * const texts = [[5, 6], [7]].map((ids) => Int32Array.from(ids));
 * const documents: Documents = {
 *   length: 2,
 *   lengths: async () => Int32Array.from(texts, (ids) => ids.length),
 *   read: async (indices) => Array.from(indices, (index) => texts[index]!),
 * };
 * console.log(await documents.read([1])); // [ Int32Array(1) [ 7 ] ]
 * ```
 */
export interface Documents {
  /** How many documents there are. */
  readonly length: number;
  /** The number of tokens of each: 4 bytes a document, in memory from the first call on. */
  lengths(): Promise<Int32Array>;
  /** The ids of these documents, in the order of the indices. Throws `ConfigError` for an index that is none. */
  read(indices: ArrayLike<number>): Promise<Int32Array[]>;
}

/**
 * Pairs of documents, such as a sentence and its translation.
 *
 * @example
 * ```ts
 * const corpus = corpusInMemory({
 *   sources: parallelText([[new Blob(["ja\nnein\n"]), new Blob(["yes\nno\n"])]]),
 *   tokenizer: byteTokenizer(),
 * });
 * const pairs: Pairs = await corpus.pairs();
 * console.log((await pairs.lengths()).second); // Int32Array(2) [ 3, 2 ]
 * console.log((await pairs.read([1])).first); // [ Int32Array(4) [ 110, 101, 105, 110 ] ]
 * ```
 */
export interface Pairs {
  readonly length: number;
  /** The number of tokens on both sides of each pair: 8 bytes a pair, in memory from the first call on. */
  lengths(): Promise<{ readonly first: Int32Array; readonly second: Int32Array }>;
  /** The ids of these pairs. Throws `ConfigError` for an index that is none. */
  read(indices: ArrayLike<number>): Promise<{ readonly first: Int32Array[]; readonly second: Int32Array[] }>;
}
