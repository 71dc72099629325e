import type { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

/** What comes with the vectors that a head is given. */
export interface HeadInput {
  /** Which tokens are real and which are padding, bool [b, t]. Default: all are real. */
  readonly real?: Tensor | undefined;
}

/** What an encoder ends with: vectors x [b, t, d] → logits or vectors, of a shape that is the head's own. */
export type EncoderHead = Module<[x: Tensor, input?: HeadInput], Tensor>;
