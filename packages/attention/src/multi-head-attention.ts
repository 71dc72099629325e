import type { AttentionPosition } from "@tenon/positional";
import type { Random, Tensor } from "@tenon/tensor";

import type { AttentionVariant } from "./attention-variant.ts";
import type { Attention, AttentionOptions } from "./attention.ts";
import type { AttentionCache } from "./cache/attention-cache.ts";
import { FixedCache } from "./cache/fixed-cache.ts";
import { keyValueCache } from "./cache/key-value-cache.ts";
import type { Mask } from "./mask/mask.ts";
import { attend } from "./steps/attend.ts";
import { expectPass } from "./steps/expect-pass.ts";
import { ProjectedHeads, type ProjectionBias } from "./steps/projected-heads.ts";

/** What a {@link MultiHeadAttention} is made from. */
export interface MultiHeadAttentionOptions {
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** How many heads attend side by side. */
  readonly heads: number;
  /** How many heads keys and values have; each serves heads / keyValueHeads query heads. Default: as many as heads. */
  readonly keyValueHeads?: number | undefined;
  /** How queries and keys learn of positions. Default: not here. */
  readonly position?: AttentionPosition | undefined;
  /** Do the projections add a bias? Default true. */
  readonly bias?: ProjectionBias | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** What later papers changed. Default: nothing. */
  readonly variant?: AttentionVariant | undefined;
}

/**
 * Multi-head attention: every head attends with its own projections of x, and the heads are joined and projected back,
 * y = concat(headᵢ) Wₒ with headᵢ = attention(x Wqᵢ, x Wkᵢ, x Wvᵢ). x [b, t, d] → [b, t, d]. With fewer key-value heads than
 * heads it is grouped-query attention, with one multi-query attention.
 *
 * Taps: `query` [b, h, t, k] and `key` [b, h′, t, k], both with their positions; `value` [b, h′, t, k]; `scores` and `pattern`
 * [b, h, t, s], before the mask and after the softmax; `gate`, where there is one; `heads` [b, h, t, k], after it; `contributions`
 * [b, h, t, d], what each head adds to the output. Looking at scores, pattern or contributions takes the step-by-step path.
 *
 * Throws `ConfigError` when the width cannot be split over the heads or the heads not over the key-value heads; `forward` throws
 * `ShapeError` when x is not [b, t, d], the extent is of another length or does not begin where the cache ends, or the cache is full.
 *
 * Vaswani et al. 2017, "Attention is all you need"; Shazeer 2019, "Fast transformer decoding" (multi-query); Ainslie et al. 2023,
 * "GQA: training generalized multi-query transformer models".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = new MultiHeadAttention({ width: 64, heads: 4, keyValueHeads: 2, random: random(1) });
 * await attention.to(on);
 * console.log(attention.forward(zeros([1, 10, 64], on), { mask: causal() }).shape); // [ 1, 10, 64 ]
 *
 * // As in Gemma 2: heads of a width of their own, capped scores, a sliding window.
 * const variant = { headWidth: 32, softCap: 50, mask: window(4) };
 * const local = await new MultiHeadAttention({ width: 64, heads: 4, bias: false, variant, random: random(1) }).to(on);
 * console.log(local.query.weight.type.shape); // [ 128, 64 ]
 * ```
 */
export class MultiHeadAttention extends ProjectedHeads<[x: Tensor, options?: AttentionOptions]> implements Attention {
  readonly position: AttentionPosition | undefined;
  /** The pattern that it always has. */
  readonly mask: Mask | undefined;

  constructor({ position, ...options }: MultiHeadAttentionOptions) {
    super("MultiHeadAttention", { ...options, memoryWidth: options.width });
    this.position = position;
    this.mask = options.variant?.mask;
  }

  newCache(capacity: number): AttentionCache {
    return new FixedCache(capacity);
  }

  protected override compute(x: Tensor, options: AttentionOptions = {}): Tensor {
    const extent = expectPass("MultiHeadAttention", x, this.width, options);
    const placement = this.position?.at(extent) ?? {};
    const { rotate = (y: Tensor) => y } = placement;

    const query = this.tap("query", rotate(this.queries(x)));
    const key = this.tap("key", rotate(this.keys(x)));
    const value = this.tap("value", this.values(x));
    const { keys, values, length, first } = keyValueCache("MultiHeadAttention", options.cache)?.append(key, value) ?? {
      keys: key,
      values: value,
      length: extent.length,
      first: extent.offset,
    };

    const explicit = this.tapped("scores") || this.tapped("pattern");
    const found = attend(query, keys, values, {
      own: this.mask,
      mask: options.mask,
      position: this.position,
      placement,
      extent,
      keyLength: length,
      firstKey: first,
      scale: this.scale,
      softCap: this.softCap,
      sinks: this.sinks?.value,
      tap: explicit ? (name, y) => this.tap(name, y) : undefined,
    });
    return this.joined(found, x);
  }
}
