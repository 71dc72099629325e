import { concat, expand, reshape, sub, type MaskTerm, type Tensor } from "@tenon/tensor";

import type { MaskExtent } from "./mask.ts";

type Interval = Extract<MaskTerm, { kind: "interval" }>;

/**
 * The term by which each query sees the keys from `first` to before `end`, which are positions of the text, i32, and broadcast to [b or 1, t].
 * Appends its tensor to `tensors`.
 */
export function interval(tensors: Tensor[], first: Tensor, end: Tensor, at: MaskExtent): Interval {
  const rows = Math.max(first.shape[0]!, end.shape[0]!);
  const column = (x: Tensor): Tensor => expand(reshape(x, [...x.shape, 1]), [rows, at.queries, 1]);
  const ends = concat([column(first), column(end)], 2);
  return { kind: "interval", input: tensors.push(at.firstKey === 0 ? ends : sub(ends, at.firstKey)) - 1 };
}
