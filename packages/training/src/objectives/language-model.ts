import type { Tensor } from "@tenon/tensor";

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
  /** `lengths` i32 [b]: how many positions of each row are text; a model attends to nothing behind them. Absent: all. */
  forward(ids: Tensor, options?: { readonly lengths?: Tensor }): Tensor;
}
