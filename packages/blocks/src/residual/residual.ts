import type { Module, Norm } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

/** What a connection leads around: attention or a feed-forward part, x [b, t, d] → [b, t, d]. */
export type Sublayer = (x: Tensor) => Tensor;

/**
 * How one sublayer joins the residual stream: given x [b, t, d] and the sublayer, the new x [b, t, d]. `PreNorm` and `PostNorm` are
 * two. A connection holds what belongs to it, such as its norm; a block makes one for each of its sublayers.
 *
 * @example
 * ```ts
 * class Plain extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
 *   protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
 *     return add(x, sublayer(x));
 *   }
 * }
 * ```
 */
export type Residual = Module<[x: Tensor, sublayer: Sublayer], Tensor>;

/** What every connection may be told. */
export interface ConnectionOptions {
  /** Rate of the dropout on what the sublayer adds. Default 0. */
  readonly dropout?: number | undefined;
}

/** What the connections with one norm are made from. */
export interface ResidualOptions extends ConnectionOptions {
  /** The norm, ready-made; each connection needs one of its own. */
  readonly norm: Norm;
}
