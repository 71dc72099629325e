import type { Backend } from "@tenon/tensor";

/** The composites that Tenon's plain backend computes in one pass; a test compares this with what `cpu()` says. */
const fused: ReadonlySet<string> = new Set([
  "softmax",
  "maskedSoftmax",
  "layerNorm",
  "layerNormGradient",
  "gelu",
  "geluGradient",
  "linear",
  "attention",
  "attentionGradient",
  "adamw",
]);

/**
 * What a dry run imitates: a backend that fuses what `cpu()` does. It is not that backend itself, whose kernels nobody needs here and the page would have
 * to load.
 */
export const fusing: Pick<Backend, "name" | "supports"> = {
  name: "cpu",
  supports: ({ kind, name }) => kind !== "composite" || fused.has(name),
};
