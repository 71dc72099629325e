import type { Parameter, Part } from "@tenon/nn";

/**
 * A part that has something for each token of a vocabulary, such as `TokenEmbedding` and `TiedOutput`. By this `resizeVocabulary` finds it
 * in a model.
 *
 * @example
 * ```ts
 * class Frequencies extends Part implements VocabularyPart {
 *   readonly logarithms: Parameter = new Parameter([100], zeros);
 *   get perToken(): readonly Parameter[] {
 *     return [this.logarithms];
 *   }
 * }
 * ```
 */
export interface VocabularyPart extends Part {
  /** Its parameters that have the vocabulary as their first axis: a table [v, d], a bias [v]. */
  readonly perToken: readonly Parameter[];
}

export const isVocabularyPart = (part: Part): part is VocabularyPart => "perToken" in part;
