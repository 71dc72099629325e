import { denseMask, type Tensor } from "@tenon/tensor";

import type { Mask, MaskExtent } from "./mask.ts";

/** A mask as one bool tensor that broadcasts to [b, h, t, s]; undefined where it allows everything. */
export function lowered(mask: Mask, at: MaskExtent): Tensor | undefined {
  const tensors: Tensor[] = [];
  const terms = mask.lower(tensors, at);
  const { queries, keys, queryOffset, firstKey, backend } = at;
  return denseMask(terms, tensors, { queries, keys, queryOffset: queryOffset - firstKey, on: backend });
}
