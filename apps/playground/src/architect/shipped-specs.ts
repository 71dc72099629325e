import type { DecoderSpec, EncoderSpec } from "@tenon/models";

const shared = {
  version: 1,
  vocabulary: 1226,
  width: 128,
  layers: 4,
  position: { kind: "rotary", base: 10000, fraction: 1 },
  attention: { kind: "multi-head", heads: 4, bias: true },
  dropout: 0,
} as const;

/** The spec of apps/cli/models/story-decoder.safetensors. */
export const shippedDecoder: DecoderSpec = {
  kind: "decoder",
  ...shared,
  context: 256,
  feedForward: { kind: "mlp", hidden: 512, activation: "gelu-tanh", bias: true },
  norm: { kind: "layer-norm", epsilon: 1e-5, bias: true },
  residual: { kind: "pre-norm", finalNorm: true },
  tied: true,
};

/** The spec of apps/cli/models/story-encoder.safetensors. */
export const shippedEncoder: EncoderSpec = {
  kind: "encoder",
  ...shared,
  context: 64,
  feedForward: { kind: "mlp", hidden: 512, activation: "gelu", bias: true },
  norm: { kind: "layer-norm", epsilon: 1e-12, bias: true },
  residual: { kind: "post-norm", finalNorm: false },
  segments: 0,
  embeddingNorm: true,
  head: { kind: "masked-language", activation: "gelu" },
};
