import type { Backend, Tensor } from "@tenon/tensor";

import type { Sequences } from "../data/batch.ts";
import type { LanguageModelInput } from "./language-model.ts";
import { documentsIn, uploadedLengths, uploadedSegments, uploadedTokens } from "./uploaded.ts";

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
  /** How many segments it tells apart. Absent: it has none, and a batch that does is refused. */
  readonly segments?: number | undefined;
  forward(ids: Tensor, options?: LanguageModelInput): Tensor;
}

/** What the model makes of sequences. */
export function outputOf(model: SequenceModel, sequences: Sequences, on: Backend): Tensor {
  const lengths = uploadedLengths(sequences, on);
  const segments = uploadedSegments(sequences, model.segments ?? 0, on);
  const documents = documentsIn(sequences);
  return model.forward(uploadedTokens(sequences, model.vocabulary, on), {
    ...(lengths && { lengths }),
    ...(segments && { segments }),
    ...(documents && { documents }),
  });
}
