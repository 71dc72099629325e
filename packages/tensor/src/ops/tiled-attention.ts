import { apply, type Composite } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { attentionGradientOp, type AttentionGradientInputs } from "./attention-gradient.ts";
import { attentionGradientInTiles } from "./attention-gradient-in-tiles.ts";
import { attentionInTiles } from "./attention-in-tiles.ts";
import type { AttentionAttrs, AttentionInputs } from "./attention-type.ts";
import { attentionOp, gradientsBy } from "./attention.ts";

// The same ops by the same names, so that a backend's kernels for them serve these, too; only what they are composed of differs.

/** {@link attentionGradientOp}, composed of tiles. */
export const tiledAttentionGradientOp: Composite<AttentionGradientInputs, AttentionAttrs, readonly Tensor[]> = {
  ...attentionGradientOp,
  compose: ([q, k, v, bias, sinks, output, upstream, ...masks], attrs) =>
    attentionGradientInTiles([q, k, v, bias, sinks, ...masks], attrs, output, upstream),
};

/** {@link attentionOp}, composed of tiles. */
export const tiledAttentionOp: Composite<AttentionInputs, AttentionAttrs> = {
  ...attentionOp,
  compose: (inputs, attrs) => attentionInTiles(inputs, attrs),
  gradient: gradientsBy(tiledAttentionGradientOp),
};

/**
 * {@link attention} for texts of any length: q [b, h, t, k], keys and values [b, h', s, k] → [b, h, t, k]. A backend's kernels for attention and its gradient serve it as well; where there is none, it goes through tiles
 * of queries and keys with an online softmax, and so does its gradient, so that memory grows with t and s and not with their product. Small calls
 * are one tile, and cost what `attention` costs. What `attention` takes, gives and throws.
 *
 * Gradient: as attention's, in tiles. Under a second derivative the tape keeps every tile.
 *
 * Rabe and Staats 2021, "Self-attention does not need O(n²) memory"; Dao et al. 2022, "FlashAttention: fast and memory-efficient exact
 * attention with IO-awareness"; Milakov and Gimelshein 2018, "Online normalizer calculation for softmax".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [q, k, v] = [zeros([1, 1, 2, 4], on), zeros([1, 1, 2, 4], on), tensor([4, 8], [1, 1, 2, 1], on)];
 * const attrs: AttentionAttrs = { scale: 0.5, softCap: null, mask: [{ kind: "causal" }], queryOffset: 0, keyLength: 2 };
 * console.log(await tiledAttention([q, k, v, undefined, undefined], attrs).read()); // Float32Array(2) [ 4, 6 ]
 * ```
 */
export function tiledAttention(inputs: AttentionInputs, attrs: AttentionAttrs): Tensor {
  return apply(tiledAttentionOp, inputs, attrs);
}
