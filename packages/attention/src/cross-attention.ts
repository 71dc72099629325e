import type { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { MemoryCache } from "./cache/memory-cache.ts";
import type { Mask } from "./mask/mask.ts";

/** What comes with the input of one forward pass over a memory. */
export interface CrossAttentionOptions {
  /** Which positions of the memory each query may see, such as `padding(lengths)` of the memory. Default: all. */
  readonly mask?: Mask | undefined;
  /** Keeps what is made of the memory alone, for the passes that follow over the same memory. Default: it is made anew. */
  readonly cache?: Pick<MemoryCache, "once"> | undefined;
}

/**
 * What brings information from another sequence, the memory, such as what an encoder made: x [b, t, d] and memory [b, s, d′] → [b, t, d]; without an
 * output projection, as of the first papers, [b, t, d′]. `MultiHeadCrossAttention`, `AdditiveAttention` and `MultiplicativeAttention` are three; any
 * module of this type will do.
 */
export type CrossAttention = Module<[x: Tensor, memory: Tensor, options?: CrossAttentionOptions], Tensor>;
