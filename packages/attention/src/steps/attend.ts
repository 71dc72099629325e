import type { AttentionPosition, Extent, Placement } from "@tenon/positional";
import { add, concat, slice, type AttentionTap, type Tensor } from "@tenon/tensor";

import type { Mask } from "../mask/mask.ts";
import { scaledDotProductAttention } from "../scaled-dot-product-attention.ts";
import { joinedMask } from "./joined-mask.ts";
import { sharedMask } from "./shared-mask.ts";

/** How {@link attend} attends. */
export interface AttendOptions {
  /** The pattern that the attention always has. */
  readonly own?: Mask | undefined;
  /** The mask of the pass, which the layers that share the extent share. */
  readonly mask?: Mask | undefined;
  /** How positions are told, and what that is for this pass; queries and keys are rotated already. */
  readonly position?: AttentionPosition | undefined;
  readonly placement: Placement;
  /** The positions of this pass. */
  readonly extent: Extent;
  /** How many of the keys count. */
  readonly keyLength: number;
  /** The place of the first key in the text. */
  readonly firstKey: number;
  readonly scale: number;
  readonly softCap?: number | undefined;
  readonly sinks?: Tensor | undefined;
  readonly tap?: AttentionTap | undefined;
  /** The queries that the scheme's bias is made of, where others than q, [b, h, t, …]. */
  readonly biasQueries?: Tensor | undefined;
  /** What becomes of what was found, before the scheme's values are added to it: [b, h, t, k] → [b, h, t, k′]. Default: nothing. */
  readonly lift?: ((found: Tensor) => Tensor) | undefined;
}

/** More scores than this, with a bias for each, are computed for a few queries at a time: 64 MiB of them. */
const most = 2 ** 24;

/**
 * Attention of a sequence to itself, with what its position scheme adds to scores and values: queries [b, h, t, k], which are the last of the keys
 * [b, h′, s, k] and values [b, h′, s, k′] → [b, h, t, k′].
 *
 * A bias is as large as the scores, [h, t, s]. Where that is much, the queries take turns, and for the gradients each turn is computed again (if the
 * scheme brings `recompute`), so that memory grows with t alone (Rabe and Staats 2021, "Self-attention does not need O(n²) memory").
 */
export function attend(q: Tensor, k: Tensor, v: Tensor, options: AttendOptions, limit: number = most): Tensor {
  const { position, placement, extent, keyLength, tap, biasQueries } = options;
  const [, h, t] = q.shape as [number, number, number];
  const { bias, values } = placement;
  const atOnce = Math.max(1, Math.floor(limit / (h * keyLength)));
  if ((bias === undefined && values === undefined) || t <= atOnce || tap !== undefined) {
    return attendFrom(0, q, k, v, options);
  }
  const again = placement.recompute ?? ((inputs, body) => body(...inputs));
  const turns = Array.from({ length: Math.ceil(t / atOnce) }, (_, i) => {
    const first = i * atOnce;
    const some = (x: Tensor): Tensor => slice(x, 2, first, Math.min(atOnce, t - first));
    // Tables of positions are made within the turn, since those of the forward pass are gone when it is computed again.
    return again([some(q), k, v, options.sinks, biasQueries && some(biasQueries)], (q, k, v, sinks, biasQueries) => {
      const now = extent.again();
      return attendFrom(first, q, k, v, {
        ...options,
        sinks,
        biasQueries,
        placement: position!.at(now),
        extent: now,
      });
    });
  });
  return concat(turns, 2);
}

/** Attends for some queries, which are those of the pass from `firstQuery` on. */
function attendFrom(firstQuery: number, q: Tensor, k: Tensor, v: Tensor, options: AttendOptions): Tensor {
  const { own, mask, placement, extent, keyLength, firstKey, scale, softCap, sinks, tap, biasQueries = q } = options;
  const { lift = (found: Tensor) => found } = options;
  const { bias, values } = placement;
  const region = { firstQuery, queries: q.shape[2]!, firstKey, keys: keyLength };
  let pattern: Tensor | undefined;
  const keepPattern: AttentionTap = (name, x) => {
    const seen = tap?.(name, x) ?? x;
    if (name === "pattern") pattern = seen;
    return seen;
  };
  const found = scaledDotProductAttention(q, k, v, {
    mask: joinedMask(own, sharedMask(mask, extent)),
    bias: bias?.(biasQueries, region, scale),
    scale,
    softCap,
    sinks,
    queryOffset: keyLength - extent.length + firstQuery,
    keyLength,
    firstKey,
    firstQuery,
    tap: values === undefined ? tap : keepPattern,
  });
  return values === undefined ? lift(found) : add(lift(found), values(pattern!, region));
}
