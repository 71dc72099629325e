import type { AttentionOptions } from "@tenon/attention";
import type { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

/** One layer of a stack: x [b, t, d] → [b, t, d]. `TransformerBlock` is one; any module of this type will do. */
export type Block = Module<[x: Tensor, options?: AttentionOptions], Tensor>;
