import { ConfigError, type Random, type Tensor } from "@tenon/tensor";

import type { AttentionVariant } from "./attention-variant.ts";
import type { CrossAttention, CrossAttentionOptions } from "./cross-attention.ts";
import { scaledDotProductAttention } from "./scaled-dot-product-attention.ts";
import { expectMemory } from "./steps/expect-memory.ts";
import { ProjectedHeads, type ProjectionBias } from "./steps/projected-heads.ts";

/** What a {@link MultiHeadCrossAttention} is made from. */
export interface MultiHeadCrossAttentionOptions {
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** Width d′ of the memory. Default: as x. */
  readonly memoryWidth?: number | undefined;
  /** How many heads attend side by side. */
  readonly heads: number;
  /** How many heads keys and values have; each serves heads / keyValueHeads query heads. Default: as many as heads. */
  readonly keyValueHeads?: number | undefined;
  /** Do the projections add a bias? Default true. */
  readonly bias?: ProjectionBias | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** What later papers changed. Default: nothing. */
  readonly variant?: Omit<AttentionVariant, "mask"> | undefined;
}

/**
 * Multi-head attention from one sequence to another, the memory m: y = concat(headᵢ) Wₒ with headᵢ = attention(x Wqᵢ, m Wkᵢ, m Wvᵢ).
 * x [b, t, d] and memory [b, s, d′] → [b, t, d]: how a decoder looks at what the encoder made. A cache keeps the memory's keys and values,
 * and then the memory itself is not looked at again.
 *
 * Taps: `query` [b, h, t, k], `key` and `value` [b, h′, s, k], `scores` and `pattern` [b, h, t, s], `gate`, `heads` [b, h, t, k],
 * `contributions` [b, h, t, d], as in `MultiHeadAttention`.
 *
 * Throws `ConfigError` when the width cannot be split over the heads or the heads not over the key-value heads, and for a variant with a `mask`,
 * which belongs to attention within one sequence; `forward` throws `ShapeError` when x is not [b, t, d], the memory not [b, s, d′], or the
 * cache keeps a memory of another length or batch.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.2.3.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadCrossAttention({ width: 8, memoryWidth: 12, heads: 2, random: random(1) }).to(on);
 * const [x, memory] = [zeros([2, 3, 8], on), zeros([2, 5, 12], on)];
 * const lengths = tensor([5, 4], [2], on, "i32");
 * console.log(attention.forward(x, memory, { mask: padding(lengths) }).shape); // [ 2, 3, 8 ]
 * ```
 */
export class MultiHeadCrossAttention
  extends ProjectedHeads<[x: Tensor, memory: Tensor, options?: CrossAttentionOptions]>
  implements CrossAttention
{
  readonly memoryWidth: number;

  constructor(options: MultiHeadCrossAttentionOptions) {
    const memoryWidth = options.memoryWidth ?? options.width;
    const { variant = {} } = options;
    if ("mask" in variant && variant.mask !== undefined) {
      throw new ConfigError(
        "MultiHeadCrossAttention: variant.mask is a pattern of positions in one sequence, and the memory is another; leave it out, and mask each pass",
        { part: "MultiHeadCrossAttention" },
      );
    }
    super("MultiHeadCrossAttention", { ...options, memoryWidth });
    this.memoryWidth = memoryWidth;
  }

  protected override compute(x: Tensor, memory: Tensor, { mask, cache }: CrossAttentionOptions = {}): Tensor {
    const { keys, values } = expectMemory("MultiHeadCrossAttention", this, [x, memory], cache, () => ({
      keys: this.keys(memory),
      values: this.values(memory),
    }));
    const query = this.tap("query", this.queries(x));
    const key = this.tap("key", keys);
    const value = this.tap("value", values);
    const explicit = this.tapped("scores") || this.tapped("pattern");
    const found = scaledDotProductAttention(query, key, value, {
      mask,
      scale: this.scale,
      softCap: this.softCap,
      sinks: this.sinks?.value,
      tap: explicit ? (name, y) => this.tap(name, y) : undefined,
    });
    return this.joined(found, x);
  }
}
