import { FixedCache, type Attention, type AttentionCache, type CrossAttention } from "@tenon/attention";
import { Module } from "@tenon/nn";
import { ConfigError, type Tensor } from "@tenon/tensor";

import type { Block, BlockOptions } from "./block.ts";
import type { FeedForward } from "./feed-forward/feed-forward.ts";
import type { Residual } from "./residual/residual.ts";

/** What a {@link CrossAttentionBlock} is made from. Its parts come ready-made, so that any can be replaced. */
export interface CrossAttentionBlockOptions {
  /** What moves information between the positions of x. */
  readonly attention: Attention;
  /** What brings information from the memory. */
  readonly crossAttention: CrossAttention;
  /** What works on each position by itself. */
  readonly feedForward: FeedForward;
  /** Makes the connection around a sublayer; called once for each, so that each has a norm of its own. */
  readonly residual: (sublayer: "attention" | "crossAttention" | "feedForward") => Residual;
}

/**
 * The block of a decoder that looks at what an encoder made: self-attention, attention to the memory and a feed-forward part, each with
 * a connection around it, x [b, t, d] with memory [b, s, d′] → [b, t, d].
 *
 * Taps, all [b, t, d]: `input`, `middle`, `crossed` and `output`, the residual stream before, between and after the three sublayers.
 *
 * `forward` throws `ConfigError` without a memory.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.1.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const block = new CrossAttentionBlock({
 *   attention: new MultiHeadAttention({ width: 8, heads: 2, random: random(1).fork("attention") }),
 *   crossAttention: new MultiHeadCrossAttention({ width: 8, heads: 2, random: random(1).fork("crossAttention") }),
 *   feedForward: new MLP({ width: 8, hidden: 32, random: random(1).fork("feedForward") }),
 *   residual: () => new PostNorm({ norm: new LayerNorm(8) }),
 * });
 * await block.to(on);
 * console.log(block.forward(zeros([1, 3, 8], on), { mask: causal(), memory: zeros([1, 5, 8], on) }).shape); // [ 1, 3, 8 ]
 * ```
 */
export class CrossAttentionBlock extends Module<[x: Tensor, options?: BlockOptions], Tensor> implements Block {
  readonly attention: Attention;
  readonly attentionResidual: Residual;
  readonly crossAttention: CrossAttention;
  readonly crossAttentionResidual: Residual;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;
  readonly takesMemory = true;

  constructor({ attention, crossAttention, feedForward, residual }: CrossAttentionBlockOptions) {
    super();
    this.attention = attention;
    this.attentionResidual = residual("attention");
    this.crossAttention = crossAttention;
    this.crossAttentionResidual = residual("crossAttention");
    this.feedForward = feedForward;
    this.feedForwardResidual = residual("feedForward");
  }

  newCache(capacity: number): AttentionCache {
    return this.attention.newCache?.(capacity) ?? new FixedCache(capacity);
  }

  protected override compute(x: Tensor, { memory, memoryMask, memoryCache, ...options }: BlockOptions = {}): Tensor {
    if (memory === undefined) {
      throw new ConfigError(
        "CrossAttentionBlock: there is no memory to look at; give forward the encoder's result as memory, or use a TransformerBlock",
      );
    }
    const input = this.tap("input", x);
    const attended = this.attentionResidual.forward(input, (y) => this.attention.forward(y, options));
    const middle = this.tap("middle", attended);
    const looked = this.crossAttentionResidual.forward(middle, (y) =>
      this.crossAttention.forward(y, memory, { mask: memoryMask, cache: memoryCache }),
    );
    const crossed = this.tap("crossed", looked);
    return this.tap(
      "output",
      this.feedForwardResidual.forward(crossed, (y) => this.feedForward.forward(y)),
    );
  }
}
