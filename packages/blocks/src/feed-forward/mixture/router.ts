import type { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

/** Where each token goes. */
export interface Routed {
  /** What the router says of every expert, [b, t, experts]. */
  readonly logits: Tensor;
  /** The experts of each token, i32 [b, t, expertsPerToken], no two of one token equal. */
  readonly chosen: Tensor;
  /** With which weight each of them counts, [b, t, expertsPerToken]. */
  readonly weights: Tensor;
}

/** Sends each token to a few of the experts: x [b, t, d] → {@link Routed}. `TopKRouter` is one; any module of this type will do. */
export interface Router extends Module<[x: Tensor], Routed> {
  /** How many experts there are to choose from. */
  readonly experts: number;
}
