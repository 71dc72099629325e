import { denseMask, maskedSoftmax, softmax, type Tensor } from "@tenon/tensor";

import type { Mask } from "../mask/mask.ts";

/** What scores [b, 1, t, s] of any making give each key: their softmax where the mask allows, [b, 1, t, s]. A query that may see no key gives it to none. */
export function maskedPattern(scores: Tensor, mask: Mask | undefined): Tensor {
  const [, , queries, keys] = scores.shape as [number, number, number, number];
  const at = { queries, keys, queryOffset: Math.max(0, keys - queries), backend: scores.backend };
  const tensors: Tensor[] = [];
  const terms = mask?.lower(tensors, { ...at, firstKey: 0, firstQuery: 0 }) ?? [];
  const allowed = denseMask(terms, tensors, { ...at, on: scores.backend });
  return allowed === undefined ? softmax(scores) : maskedSoftmax(scores, allowed);
}
