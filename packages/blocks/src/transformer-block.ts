import { FixedCache, type Attention, type AttentionCache } from "@tenon/attention";
import { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { Block, BlockOptions } from "./block.ts";
import { refuseMemory } from "./refuse-memory.ts";
import type { FeedForward } from "./feed-forward/feed-forward.ts";
import type { Residual } from "./residual/residual.ts";

/** What a {@link TransformerBlock} is made from. Its parts come ready-made, so that any can be replaced. */
export interface TransformerBlockOptions {
  /** What moves information between positions, such as a `MultiHeadAttention`. */
  readonly attention: Attention;
  /** What works on each position by itself, such as an `MLP`. */
  readonly feedForward: FeedForward;
  /** Makes the connection around a sublayer; called once for each, so that each has a norm of its own. */
  readonly residual: (sublayer: "attention" | "feedForward") => Residual;
}

/**
 * Attention and a feed-forward part, each with a connection around it: x [b, t, d] → [b, t, d]. With pre-norm,
 * m = x + attention(norm(x)) and y = m + feedForward(norm(m)).
 *
 * It is the block of an encoder and of a decoder. The two differ in nothing but which keys a query may see, and that is data which
 * comes with each forward pass: `causal()` makes a decoder, `padding(lengths)` an encoder.
 *
 * Taps, all [b, t, d]: `input`, `middle` and `output`, the residual stream before, between and after the two sublayers.
 *
 * Vaswani et al. 2017, "Attention is all you need".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const block = new TransformerBlock({
 *   attention: new MultiHeadAttention({ width: 64, heads: 4, random: random(1).fork("attention") }),
 *   feedForward: new MLP({ width: 64, hidden: 256, random: random(1).fork("feedForward") }),
 *   residual: () => new PreNorm({ norm: new LayerNorm(64), dropout: 0.1 }),
 * });
 * await block.to(on);
 * console.log(block.forward(zeros([1, 10, 64], on), { mask: causal() }).shape); // [ 1, 10, 64 ]
 * ```
 */
export class TransformerBlock extends Module<[x: Tensor, options?: BlockOptions], Tensor> implements Block {
  readonly attention: Attention;
  readonly attentionResidual: Residual;
  readonly feedForward: FeedForward;
  readonly feedForwardResidual: Residual;

  constructor({ attention, feedForward, residual }: TransformerBlockOptions) {
    super();
    this.attention = attention;
    this.attentionResidual = residual("attention");
    this.feedForward = feedForward;
    this.feedForwardResidual = residual("feedForward");
  }

  newCache(capacity: number): AttentionCache {
    return this.attention.newCache?.(capacity) ?? new FixedCache(capacity);
  }

  protected override compute(x: Tensor, options: BlockOptions = {}): Tensor {
    refuseMemory("TransformerBlock", options);
    const input = this.tap("input", x);
    const attended = this.attentionResidual.forward(input, (y) => this.attention.forward(y, options));
    const middle = this.tap("middle", attended);
    return this.tap(
      "output",
      this.feedForwardResidual.forward(middle, (y) => this.feedForward.forward(y)),
    );
  }
}
