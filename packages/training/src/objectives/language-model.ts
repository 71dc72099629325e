import type { Tensor } from "@tenon/tensor";

/** What comes with the ids, where the batch says it. */
export interface LanguageModelInput {
  /** i32 [b]: how many positions of each row are text; a model attends to nothing behind them. Absent: all. */
  readonly lengths?: Tensor;
  /** i32 [b, t]: which of two texts each position belongs to. */
  readonly segments?: Tensor;
  /**
   * For each row, which of the documents that share it each position belongs to: numbers that stand together. None sees another, and the positions of each
   * begin at 0. Absent: a row is one document.
   */
  readonly documents?: readonly (readonly number[])[];
}

/**
 * What the objectives need of a model: ids i32 [b, t] → logits [b, t, v]. The decoders and encoders of `@tenon/models` are of
 * this type; any object of this shape will do.
 *
 * @example
 * ```ts
 * // A bigram model: the logits of what follows depend on one token alone.
 * const table = new Embedding({ count: 4, width: 4, random: random(1) });
 * const model: LanguageModel = { vocabulary: 4, forward: (ids: Tensor) => table.forward(ids) };
 * console.log(model.vocabulary); // 4
 * ```
 */
export interface LanguageModel {
  /** v: ids are whole numbers from 0 to v − 1. */
  readonly vocabulary: number;
  /** How many segments it tells apart. Absent: it has none, and a batch that does is refused. */
  readonly segments?: number | undefined;
  forward(ids: Tensor, options?: LanguageModelInput): Tensor;
}
