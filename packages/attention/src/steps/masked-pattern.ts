import { maskedSoftmax, softmax, type Tensor } from "@tenon/tensor";

import { lowered } from "../mask/lowered.ts";
import type { Mask } from "../mask/mask.ts";

/** What scores [b, 1, t, s] of any making give each key: their softmax where the mask allows, [b, 1, t, s]. A query that may see no key gives it to none. */
export function maskedPattern(scores: Tensor, mask: Mask | undefined): Tensor {
  const [, , queries, keys] = scores.shape as [number, number, number, number];
  const queryOffset = Math.max(0, keys - queries);
  const allowed =
    mask && lowered(mask, { queries, keys, queryOffset, firstKey: 0, firstQuery: 0, backend: scores.backend });
  return allowed === undefined ? softmax(scores) : maskedSoftmax(scores, allowed);
}
