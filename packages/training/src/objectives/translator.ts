import type { Tensor } from "@tenon/tensor";

/**
 * What {@link translationLoss} needs of a model: source ids i32 [b, s] and target ids i32 [b, t] → logits [b, t, v] of what follows each target id. The
 * encoder–decoders and the recurrent translators of `@tenon/models` are of this type; any object of this shape will do.
 *
 * @example
 * ```ts
 * // It finds all tokens equally likely, whatever the source says.
 * const model: Translator = {
 *   vocabulary: 3,
 *   sourceVocabulary: 5,
 *   forward: (source, target) => zeros([...target.shape, 3], source.backend),
 * };
 * console.log(model.forward(zeros([1, 4], cpu(), "i32"), zeros([1, 2], cpu(), "i32")).shape); // [ 1, 2, 3 ]
 * ```
 */
export interface Translator {
  /** v of the target: its ids are whole numbers from 0 to v − 1. */
  readonly vocabulary: number;
  /** v of the source. */
  readonly sourceVocabulary: number;
  /** `sourceLengths` and `lengths` i32 [b]: how many positions of each source and target are text. Absent: all. */
  forward(
    source: Tensor,
    target: Tensor,
    options?: { readonly sourceLengths?: Tensor; readonly lengths?: Tensor },
  ): Tensor;
}
