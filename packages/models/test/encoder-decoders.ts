import { bart, marian, t5, transformer } from "../src/encoder-decoder/presets.ts";
import type { EncoderDecoderSpec, PartSpec, SideSpec } from "../src/spec.ts";

const sizes = { vocabulary: 13, context: 12, width: 16, layers: 2, heads: 4, hidden: 11 };
const heads: PartSpec = { kind: "multi-head", heads: 2 };
const side: SideSpec = {
  context: 12,
  layers: 1,
  position: { kind: "rotary" },
  attention: heads,
  feedForward: { kind: "gated-mlp", hidden: 7 },
  norm: { kind: "rms-norm" },
  residual: { kind: "pre-norm" },
  embeddingNorm: false,
};
const mixture = (
  encoder: Partial<SideSpec>,
  decoder: Partial<SideSpec> & { crossAttention?: PartSpec },
  others: Partial<EncoderDecoderSpec> = {},
): EncoderDecoderSpec => ({
  version: 1,
  kind: "encoder-decoder",
  vocabulary: 13,
  width: 16,
  encoder: { ...side, ...encoder },
  decoder: { crossAttention: heads, ...side, ...decoder },
  dropout: 0,
  tied: true,
  ...others,
});

/** Presets, and mixtures in which the sides have little in common. */
export const encoderDecoders: readonly (readonly [name: string, spec: EncoderDecoderSpec])[] = [
  ["transformer", transformer({ ...sizes, decoderLayers: 1 })],
  ["t5", t5({ ...sizes, headWidth: 3 })],
  ["t5 1.1", t5({ ...sizes, release: "1.1" })],
  ["bart", bart({ ...sizes, scaled: true })],
  ["marian, two tables", marian({ ...sizes, sourceVocabulary: 13 })],
  [
    "alibi and sandwich to relative and deep-norm, additive",
    mixture(
      { position: { kind: "alibi" }, residual: { kind: "sandwich-norm" }, layers: 2 },
      {
        position: { kind: "relative", clip: 3 },
        residual: { kind: "deep-norm" },
        crossAttention: { kind: "additive" },
      },
      { tokens: { width: 6 }, logits: { softCap: 5, bias: true } },
    ),
  ],
  [
    "parallel and latent to re-zero and grouped queries, multiplicative",
    mixture(
      { residual: { kind: "parallel" }, attention: { kind: "latent", heads: 2, latentWidth: 5 } },
      {
        residual: { kind: "re-zero" },
        attention: { kind: "multi-head", heads: 4, keyValueHeads: 2, windows: [4] },
        crossAttention: { kind: "multiplicative" },
        layers: 4,
        layerGroups: 2,
      },
      { tied: false },
    ),
  ],
  [
    "no positions and a mixture of experts to layer-scale, normed heads",
    mixture(
      { position: { kind: "none" }, feedForward: { kind: "mixture", experts: 3, expertsPerToken: 2, hidden: 5 } },
      {
        residual: { kind: "layer-scale", initial: 0.3 },
        norm: { kind: "layer-norm" },
        embeddingNorm: true,
        crossAttention: { kind: "multi-head", heads: 4, keyValueHeads: 1, headNorm: true, sinks: true, gate: "head" },
      },
    ),
  ],
];
