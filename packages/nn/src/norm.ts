import type { Tensor } from "@tenon/tensor";

import type { Module } from "./module.ts";

/** Normalises over the last axis: x […, d] → […, d]. `LayerNorm` and `RMSNorm` are two; any module of this type will do. */
export type Norm = Module<[x: Tensor], Tensor>;
