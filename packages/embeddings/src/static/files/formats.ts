/**
 * How word vectors are stored:
 *
 * - `word2vec`: lines of a word and its numbers, below a line that says how many vectors there are and how many numbers each has. fastText's
 *   .vec is the same.
 * - `word2vec-binary`: the same with the numbers as 32-bit floats; by custom .bin.
 * - `glove`: lines of a word and its numbers, and nothing above.
 * - `safetensors`: the tensors `vectors` [v, d], `words`, the UTF-8 bytes of the words with a line break behind each, and, where there are
 *   counts, `counts` [v] in F64.
 */
export type VectorFormat = "word2vec" | "word2vec-binary" | "glove" | "safetensors";

/** The formats by name. */
export const vectorFormats: readonly VectorFormat[] = ["word2vec", "word2vec-binary", "glove", "safetensors"];
