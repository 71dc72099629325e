import { type Backend, ConfigError, ids, type Tensor } from "@tenon/tensor";

import type { Sequences } from "../data/batch.ts";

/** Takes the ids of sequences to a backend, i32 [b, t], and checks them on the way. */
export function uploadedTokens(
  { inputs, shape }: Sequences,
  vocabulary: number,
  on: Backend,
  what = "token id",
): Tensor {
  return ids(inputs, shape, on, { limit: vocabulary, what });
}

/** How long each row is, i32 [b]; undefined where all positions are text. */
export function uploadedLengths(
  { lengths, shape: [rows, length] }: Pick<Sequences, "lengths" | "shape">,
  on: Backend,
): Tensor | undefined {
  return lengths && ids(lengths, [rows], on, { limit: length + 1, what: "length" });
}

/** The segment of each position, i32 [b, t], for a model that knows `count`; undefined where the batch says nothing of them. */
export function uploadedSegments({ segments, shape }: Sequences, count: number, on: Backend): Tensor | undefined {
  if (segments === undefined) return undefined;
  if (count === 0) {
    throw new ConfigError(
      "the batch has segments, but the model has none; leave them out, or give the model segments to tell apart",
    );
  }
  return ids(segments, shape, on, { limit: count, what: "segment" });
}

/** Which document each position belongs to, as rows, which is how models take them. */
export function documentsIn({ documents, shape: [rows, length] }: Sequences): number[][] | undefined {
  return documents && Array.from({ length: rows }, (_, i) => [...documents.subarray(i * length, (i + 1) * length)]);
}
