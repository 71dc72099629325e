import type { Sizes } from "../presets.ts";
import type { EncoderDecoderSpec } from "../spec.ts";

/** The sizes that every preset of an encoder–decoder asks for: `context` and `layers` are those of each side. */
export interface EncoderDecoderSizes extends Sizes {
  /** How many layers the decoder has. Default: as the encoder. */
  readonly decoderLayers?: number;
  /** Width between the two maps of the feed-forward part. Default 4 d. */
  readonly hidden?: number;
}

/**
 * The original Transformer (Vaswani et al. 2017): sinusoids, embeddings times √d, post-norm, ReLU; source, target and output share one table.
 *
 * @example
 * ```ts
 * const model = assemble(transformer({ vocabulary: 60, context: 64, width: 32, layers: 2, heads: 4 }));
 * console.log(describe(model).parts[0]!.kind); // EncoderDecoder
 * ```
 */
export function transformer(sizes: EncoderDecoderSizes): EncoderDecoderSpec {
  const { vocabulary, context, width, layers, heads, dropout = 0 } = sizes;
  const { decoderLayers = layers, hidden = 4 * width } = sizes;
  const side = {
    context,
    position: { kind: "sinusoidal" },
    embeddingNorm: false,
    attention: { kind: "multi-head", heads },
    feedForward: { kind: "mlp", hidden, activation: "relu" },
    norm: { kind: "layer-norm", epsilon: 1e-5 },
    residual: { kind: "post-norm" },
  };
  return {
    version: 1,
    kind: "encoder-decoder",
    vocabulary,
    width,
    tokens: { scaled: true },
    encoder: { ...side, layers },
    decoder: { ...side, layers: decoderLayers, crossAttention: side.attention },
    dropout,
    tied: true,
    initial: "xavier",
  };
}

/**
 * T5 (Raffel et al. 2020): a bias for each distance, one table for all layers of a side and none towards the source, RMS norms, scores that are not
 * divided by √k, and nothing with a bias. Release "1.0" has ReLU and logits through the shared table, divided by √d; "1.1" has GeGLU and an output of
 * its own (Shazeer 2020, "GLU variants improve transformer").
 *
 * @example
 * ```ts
 * const model = assemble(t5({ vocabulary: 60, context: 64, width: 32, layers: 2, heads: 4, release: "1.1" }));
 * console.log(model.spec.tied); // false
 * ```
 */
export function t5(
  sizes: EncoderDecoderSizes & {
    /** Width k of a head. Default d / heads. */
    readonly headWidth?: number;
    /** Default "1.0". */
    readonly release?: "1.0" | "1.1";
  },
): EncoderDecoderSpec {
  const { vocabulary, context, width, layers, heads, dropout = 0 } = sizes;
  const { decoderLayers = layers, hidden = 4 * width, headWidth = width / heads, release = "1.0" } = sizes;
  const attention = { kind: "multi-head", heads, headWidth, scale: 1, bias: false };
  const side = {
    context,
    position: { kind: "t5", buckets: 32, maxDistance: 128 },
    embeddingNorm: false,
    attention,
    feedForward:
      release === "1.0"
        ? { kind: "mlp", hidden, activation: "relu", bias: false }
        : { kind: "gated-mlp", hidden, activation: "gelu-tanh", bias: false },
    norm: { kind: "rms-norm", epsilon: 1e-6 },
    residual: { kind: "pre-norm" },
  };
  return {
    version: 1,
    kind: "encoder-decoder",
    vocabulary,
    width,
    encoder: { ...side, layers },
    decoder: { ...side, layers: decoderLayers, crossAttention: attention },
    dropout,
    tied: release === "1.0",
    ...(release === "1.0" && { logits: { scale: 1 / Math.sqrt(width) } }),
    initial: "t5",
  };
}

/**
 * BART (Lewis et al. 2019): the original Transformer with learned positions, a norm of the embeddings, GELU and a bias of the logits. The first two
 * rows of its tables of positions stand for nothing, as in the published weights.
 *
 * @example
 * ```ts
 * const model = assemble(bart({ vocabulary: 60, context: 64, width: 32, layers: 2, heads: 4 }));
 * console.log(model.encoder.embedding.position !== model.decoder.embedding.position); // true
 * ```
 */
export function bart(
  sizes: EncoderDecoderSizes & {
    /** Are the embeddings multiplied by √d? Default false. */
    readonly scaled?: boolean;
  },
): EncoderDecoderSpec {
  const { vocabulary, context, width, layers, heads, dropout = 0 } = sizes;
  const { decoderLayers = layers, hidden = 4 * width, scaled = false } = sizes;
  const side = {
    context,
    position: { kind: "learned", reserved: 2 },
    embeddingNorm: true,
    attention: { kind: "multi-head", heads },
    feedForward: { kind: "mlp", hidden, activation: "gelu" },
    norm: { kind: "layer-norm", epsilon: 1e-5 },
    residual: { kind: "post-norm" },
  };
  return {
    version: 1,
    kind: "encoder-decoder",
    vocabulary,
    width,
    ...(scaled && { tokens: { scaled } }),
    encoder: { ...side, layers },
    decoder: { ...side, layers: decoderLayers, crossAttention: side.attention },
    dropout,
    tied: true,
    logits: { bias: true },
  };
}

/**
 * Marian (Junczys-Dowmunt et al. 2018), as the OPUS translation models have it: the original Transformer with all sines before all cosines, SiLU and a
 * bias of the logits. With a `sourceVocabulary`, source and target have tables of their own.
 *
 * @example
 * ```ts
 * const model = assemble(marian({ vocabulary: 60, context: 64, width: 32, layers: 2, heads: 4, sourceVocabulary: 50 }));
 * console.log(model.sourceVocabulary, model.vocabulary); // 50 60
 * ```
 */
export function marian(
  sizes: EncoderDecoderSizes & {
    /** How many tokens the source has. Default: those of the target. */
    readonly sourceVocabulary?: number;
  },
): EncoderDecoderSpec {
  const { vocabulary, context, width, layers, heads, dropout = 0 } = sizes;
  const { decoderLayers = layers, hidden = 4 * width, sourceVocabulary } = sizes;
  const side = {
    context,
    position: { kind: "sinusoidal", layout: "half-split" },
    embeddingNorm: false,
    attention: { kind: "multi-head", heads },
    feedForward: { kind: "mlp", hidden, activation: "silu" },
    norm: { kind: "layer-norm", epsilon: 1e-5 },
    residual: { kind: "post-norm" },
  };
  return {
    version: 1,
    kind: "encoder-decoder",
    vocabulary,
    width,
    tokens: { scaled: true },
    encoder: { ...side, layers },
    decoder: { ...side, layers: decoderLayers, crossAttention: side.attention },
    dropout,
    ...(sourceVocabulary !== undefined && { sourceVocabulary }),
    tied: true,
    logits: { bias: true },
  };
}
