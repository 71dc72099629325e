import type { Module } from "@tenon/nn";
import type { Extent } from "@tenon/positional";
import type { Tensor } from "@tenon/tensor";

import type { AttentionCache } from "./cache/attention-cache.ts";
import type { Mask } from "./mask/mask.ts";

/** What comes with the input of one forward pass. */
export interface AttentionOptions {
  /** Which keys each query may see. Default: all. */
  readonly mask?: Mask | undefined;
  /** The positions before, to which this pass adds its own. Default: there are none. */
  readonly cache?: AttentionCache | undefined;
  /** The positions of this pass, when several layers share them. Default: from the cache's length on. */
  readonly extent?: Extent | undefined;
}

/**
 * What moves information between the positions of one sequence: x [b, t, d] → [b, t, d]. `MultiHeadAttention` is one; any module of this type
 * will do.
 *
 * @example
 * ```ts
 * // Every position gets the mean of all.
 * class Average extends Module<[x: Tensor, options?: AttentionOptions], Tensor> implements Attention {
 *   protected override compute(x: Tensor): Tensor {
 *     return expand(mean(x, 1, { keepDims: true }), x.shape);
 *   }
 * }
 * console.log(new Average().forward(zeros([1, 3, 4], cpu())).shape); // [ 1, 3, 4 ]
 * ```
 */
export interface Attention extends Module<[x: Tensor, options?: AttentionOptions], Tensor> {
  /** An empty cache that this attention can use, with room for `capacity` positions. Default: a `FixedCache`. */
  newCache?(capacity: number): AttentionCache;
}
