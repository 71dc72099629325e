import type { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

/** The part of a block that works on each position by itself: x [b, t, d] → [b, t, d]. `MLP` and `GatedMLP` are two; any module of this type will do. */
export type FeedForward = Module<[x: Tensor], Tensor>;
