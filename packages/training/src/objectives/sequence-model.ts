import type { Backend, Tensor } from "@tenon/tensor";
import { ids } from "@tenon/tensor";

import type { Sequences } from "../data/batch.ts";
import { uploaded } from "./uploaded.ts";

/**
 * A model that reads sequences: ids i32 [b, t] → what its head makes of them: logits of tokens or classes, numbers, vectors. The encoders of
 * `@tenon/models` are of this type; any object of this shape will do.
 *
 * @example
 * ```ts
 * // It tells three classes apart by the first token of each text.
 * const table = new Embedding({ count: 4, width: 3, random: random(1) });
 * const model: SequenceModel = {
 *   vocabulary: 4,
 *   forward: (ids) => table.forward(reshape(slice(ids, 1, 0, 1), [ids.shape[0]!])),
 * };
 * console.log(model.vocabulary); // 4
 * ```
 */
export interface SequenceModel {
  /** v: ids are whole numbers from 0 to v − 1. */
  readonly vocabulary: number;
  /** How many segments it tells apart. Absent: two, as BERT. */
  readonly segments?: number | undefined;
  /** `lengths` i32 [b]: how many positions of each row are text. `segments` i32 [b, t]: which of two texts each token belongs to. Absent: all, and the first. */
  forward(ids: Tensor, options?: { readonly lengths?: Tensor; readonly segments?: Tensor }): Tensor;
}

/** What the model makes of sequences. */
export function outputOf(model: SequenceModel, sequences: Sequences, on: Backend): Tensor {
  const { tokens, lengths } = uploaded(sequences, model.vocabulary, on);
  const { segments, shape } = sequences;
  return model.forward(tokens, {
    ...(lengths && { lengths }),
    // A model without segments refuses them itself, and says so better.
    ...(segments && { segments: ids(segments, shape, on, { limit: model.segments || 2, what: "segment" }) }),
  });
}
