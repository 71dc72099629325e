import { expectPositive, expectSize, type Norm } from "@tenon/nn";

import type { Mask } from "./mask/mask.ts";

/** What later papers changed in multi-head attention. Each is by itself, and all go together. */
export interface AttentionVariant {
  /** Width k of one head. Default: width / heads. */
  readonly headWidth?: number | undefined;
  /** What the products of queries and keys are multiplied by. Default 1 / √k; T5 takes 1 (Raffel et al. 2020). */
  readonly scale?: number | undefined;
  /** Bends scores to softCap · tanh(score / softCap). Default: they stay as they are (Gemma team 2024, "Gemma 2"). */
  readonly softCap?: number | undefined;
  /**
   * Does each head learn a logit for a place that has no value, where a query that finds nothing may look? Begins at 0. Default false
   * (Xiao et al. 2023, "Efficient streaming language models with attention sinks"; OpenAI 2025, gpt-oss).
   */
  readonly sinks?: boolean | undefined;
  /**
   * QK-norm: makes a norm of width k for the queries of every head, and one for the keys, both before positions turn them. Default: none
   * (Henry et al. 2020, "Query-key normalization for transformers"; Dehghani et al. 2023, "Scaling vision transformers to 22 billion parameters").
   */
  readonly headNorm?: ((width: number) => Norm) | undefined;
  /**
   * Multiplies what a head found by sigmoid(x W_g), with a gate for each of its elements or one for the head. W_g has a bias
   * where the input projections have one. Default: none (Qiu et al. 2025, "Gated attention for large language models").
   */
  readonly gate?: "element" | "head" | undefined;
  /** A pattern that this attention always has, joined with the mask of each pass: a sliding window, a band, blocks. Default: none. */
  readonly mask?: Mask | undefined;
}

/** Throws `ConfigError`, in the name of a part, for sizes and numbers that are none. */
export function expectVariant(
  part: string,
  { headWidth, scale, softCap }: Pick<AttentionVariant, "headWidth" | "scale" | "softCap">,
): void {
  if (headWidth !== undefined) expectSize(part, "headWidth", headWidth);
  if (scale !== undefined) expectPositive(part, "scale", scale);
  if (softCap !== undefined) expectPositive(part, "softCap", softCap);
}
