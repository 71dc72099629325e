import type { AttentionCache, AttentionOptions, Mask, MemoryCache } from "@tenon/attention";
import type { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

/** What comes with the input of one forward pass of a block. */
export interface BlockOptions extends AttentionOptions {
  /** Another sequence to look at, [b, s, d′], for blocks with a cross-attention: what an encoder made. */
  readonly memory?: Tensor | undefined;
  /** Which positions of the memory each query may see. Default: all. */
  readonly memoryMask?: Mask | undefined;
  /** Keeps what the block makes of the memory, for the passes that follow. Default: it is made anew. */
  readonly memoryCache?: MemoryCache | undefined;
}

/**
 * One layer of a stack: x [b, t, d] → [b, t, d]. `TransformerBlock` is one; any module of this type will do.
 *
 * @example
 * ```ts
 * class FeedForwardBlock extends Module<[x: Tensor, options?: BlockOptions], Tensor> implements Block {
 *   readonly feedForward = new MLP({ width: 4, hidden: 8, random: random(1) });
 *   protected override compute(x: Tensor): Tensor {
 *     return add(x, this.feedForward.forward(x));
 *   }
 * }
 * const stack = await new Stack(2, () => new FeedForwardBlock()).to(cpu());
 * ```
 */
export interface Block extends Module<[x: Tensor, options?: BlockOptions], Tensor> {
  /** Does it look at a memory? Default: no. A stack gives its memory to the blocks that do. */
  readonly takesMemory?: boolean;
  /** An empty cache that its attention can use, with room for `capacity` positions. Default: a `FixedCache`. */
  newCache?(capacity: number): AttentionCache;
}
