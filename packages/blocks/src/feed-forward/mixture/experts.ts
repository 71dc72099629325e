import type { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import type { Routed } from "./router.ts";

/**
 * Feed-forward parts of which each token passes a few: x [b, t, d] and where each token goes → Σ weight · expert(x) over its experts, [b, t, d].
 * `GatedExperts` is one; any module of this type will do.
 */
export interface Experts extends Module<[x: Tensor, routed: Routed], Tensor> {
  /** How many there are. */
  readonly count: number;
}
