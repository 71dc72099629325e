import { t5 } from "../src/encoder-decoder/presets.ts";
import { vit } from "../src/image/presets.ts";
import type { DecoderSpec, EncoderDecoderSpec, EncoderSpec, ImageEncoderSpec, PartSpec } from "../src/spec.ts";
import { someCombinations } from "./combinations.ts";
import { encoderDecoders } from "./encoder-decoders.ts";

const decoder: DecoderSpec = {
  version: 1,
  kind: "decoder",
  vocabulary: 11,
  context: 8,
  width: 16,
  layers: 3,
  position: { kind: "rotary" },
  attention: { kind: "multi-head", heads: 2 },
  feedForward: { kind: "mlp", hidden: 7 },
  norm: { kind: "layer-norm" },
  residual: { kind: "pre-norm" },
  dropout: 0,
  tied: true,
};
const { kind: _, tied: __, ...shared } = decoder;
const encoder: EncoderSpec = { ...shared, kind: "encoder", segments: 0, embeddingNorm: false };

const scalings: readonly PartSpec[] = [
  { kind: "linear", factor: 2 },
  { kind: "dynamic-ntk", factor: 2, context: 4 },
  { kind: "yarn", factor: 2, context: 4, betaFast: 16, truncate: false },
  { kind: "long-rope", factor: 2, context: 4, shortFactors: [1, 1, 1.5, 2], longFactors: [1, 2, 3, 4] },
  { kind: "llama-3", factor: 2, context: 4 },
];
const heads: readonly PartSpec[] = [
  { kind: "none" },
  { kind: "masked-language", activation: "relu" },
  { kind: "pooler", activation: "gelu" },
  { kind: "pooler" },
  { kind: "classification", labels: 3, activation: "relu", dropout: 0.2 },
  { kind: "token-classification", labels: 4 },
  { kind: "pre-training" },
  { kind: "sentence" },
  {
    kind: "sentence",
    pooling: "max",
    normalise: true,
    layers: [
      { width: 5, activation: "tanh" },
      { width: 3, bias: false },
    ],
  },
];
const more: readonly (DecoderSpec | EncoderSpec)[] = [
  ...heads.map((head, i) => ({ ...encoder, head, dropout: 0.1, segments: i % 2 })),
  { ...encoder, head: { kind: "pre-training", dropout: 0 }, tokens: { width: 6 }, dropout: 0.1 },
  { ...decoder, layers: 6, layerGroups: 2 },
  {
    ...encoder,
    layers: 4,
    layerGroups: 1,
    attention: { kind: "multi-head", heads: 2, windows: [2, null], bias: "output" },
  },
  { ...decoder, layerGroups: 3, position: { kind: "learned", reserved: 2 } },
  ...scalings.map((scaling) => ({ ...decoder, position: { kind: "rotary", scaling } })),
  {
    ...decoder,
    position: {
      kind: "rotary",
      base: 500,
      layout: "interleaved",
      local: { base: 50, every: 2 },
      scaling: scalings[0]!,
    },
  },
  { ...decoder, position: { kind: "rotary", fraction: 0.5, local: { base: 50 } } },
  { ...decoder, position: { kind: "relative", values: false } },
  { ...decoder, tied: false, logits: { bias: true, scale: 0.5, softCap: 3 } },
  { ...decoder, logits: { bias: true } },
  { ...decoder, tokens: { width: 6 }, logits: { bias: true } },
  ...(["xavier", "kaiming", "gpt-2", "bert", "t5", "small", "small-embedding"] as const).map(
    (initial, i): DecoderSpec | EncoderSpec => (i % 2 === 0 ? { ...decoder, initial } : { ...encoder, initial }),
  ),
  { ...decoder, initial: "deep-norm", residual: { kind: "deep-norm", finalNorm: true } },
  { ...encoder, initial: "deep-norm", residual: { kind: "deep-norm" } },
  ...["pre-norm", "post-norm", "parallel", "deep-norm", "re-zero", "layer-scale"].map((kind) => ({
    ...encoder,
    dropout: 0.25,
    embeddingNorm: true,
    residual: { kind, stochasticDepth: 0.5, ...(kind === "parallel" ? {} : { finalNorm: true }) },
  })),
  {
    ...encoder,
    tokens: { width: 6 },
    attention: { kind: "multi-head", heads: 2, windows: [2], scale: 0.5, gate: "element", bias: false },
  },
  {
    ...encoder,
    attention: { kind: "latent", heads: 2, latentWidth: 4, windows: [2, null, 3], softCap: 9, scale: 0.1 },
  },
  {
    ...encoder,
    norm: { kind: "layer-norm", epsilon: 1e-3, bias: false },
    attention: { kind: "linear", heads: 2, bias: false },
  },
  ...["leaky-relu", "gelu-tanh", "quick-gelu", "silu", "mish", "sigmoid", "tanh"].map((activation) => ({
    ...decoder,
    feedForward: { kind: "gated-mlp", hidden: 5, activation, bias: true },
  })),
  {
    ...decoder,
    feedForward: {
      kind: "mixture",
      hidden: 5,
      experts: 3,
      expertsPerToken: 1,
      softmax: "selected",
      activation: "relu",
    },
  },
];

/** What every option of every standard kind prints: a sample in which any two kinds meet, and one for each option that is in none of them. */
export const printedSpecs: readonly (readonly [name: string, spec: DecoderSpec | EncoderSpec])[] = [
  ...someCombinations,
  ...more.map((spec, i) => [`option ${i}: ${JSON.stringify(spec)}`, spec] as const),
];

const { initial: ___, ...translator } = t5({
  vocabulary: 13,
  context: 12,
  width: 16,
  layers: 2,
  heads: 4,
  headWidth: 3,
});
const towards: readonly PartSpec[] = [
  { kind: "multi-head", heads: 2, headWidth: 3, bias: "output", softCap: 4, gate: "element", scale: 0.3 },
  { kind: "additive", hidden: 5, output: false },
  { kind: "multiplicative", score: "dot" },
  { kind: "multiplicative", score: "concat", output: false },
];
const moreTranslators: readonly EncoderDecoderSpec[] = [
  ...towards.map((crossAttention): EncoderDecoderSpec => ({
    ...translator,
    dropout: 0.1,
    decoder: { ...translator.decoder, crossAttention },
  })),
  { ...translator, sourceVocabulary: 15, tokens: { width: 6 }, tied: false, logits: { softCap: 3 } },
  {
    ...translator,
    initial: "deep-norm",
    encoder: { ...translator.encoder, layers: 4, layerGroups: 2, residual: { kind: "deep-norm" } },
    decoder: { ...translator.decoder, residual: { kind: "deep-norm", stochasticDepth: 0.5 } },
  },
];

/** The same for encoder–decoders: presets, mixtures of kinds, and the options that are in none of them. */
export const printedTranslators: readonly (readonly [name: string, spec: EncoderDecoderSpec])[] = [
  ...encoderDecoders,
  ...moreTranslators.map((spec, i) => [`option ${i}: ${JSON.stringify(spec)}`, spec] as const),
];

const image = vit({ image: [4, 6], patch: [2, 3], channels: 2, width: 8, layers: 2, heads: 2 });
const imageEncoders: readonly ImageEncoderSpec[] = [
  image,
  { ...image, head: { kind: "classification", labels: 3 }, dropout: 0.1, position: { kind: "none" } },
  { ...image, head: { kind: "pooler", activation: "tanh" }, initial: "bert", position: { kind: "t5" } },
  { ...image, head: { kind: "pooler", width: 5, activation: "leaky-relu" }, residual: { kind: "post-norm" } },
  { ...image, layerGroups: 1, initial: "deep-norm", residual: { kind: "deep-norm" }, position: { kind: "rotary" } },
];

/** The same for image encoders, for images of 2 × 4 × 6. */
export const printedImageEncoders: readonly (readonly [name: string, spec: ImageEncoderSpec])[] = imageEncoders.map(
  (spec, i) => [`images ${i}: ${JSON.stringify(spec)}`, spec],
);
