/**
 * What knows vectors of words: a table of them, or a model such as fastText's that makes one for any word from its parts. Queries and
 * evaluations take one.
 */
export interface WordLookup {
  /** Numbers in a vector. */
  readonly width: number;
  /** The vector of a word, [d], not to be changed; undefined where there is none. */
  vector(word: string): Float32Array | undefined;
}
