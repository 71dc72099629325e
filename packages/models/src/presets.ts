import type { DecoderSpec, EncoderSpec } from "./spec.ts";

/** The sizes that every preset asks for. */
export interface Sizes {
  /** v: how many tokens there are. */
  readonly vocabulary: number;
  /** The largest t: how many tokens the model can see at once. */
  readonly context: number;
  /** d: a multiple of the number of heads. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Default 0. */
  readonly dropout?: number;
}

/**
 * GPT-2's architecture (Radford et al. 2019): learned positions, pre-norm blocks, GELU by tanh, the output tied to the token table.
 *
 * @example
 * ```ts
 * const model = assemble(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 }));
 * ```
 */
export function gpt({ vocabulary, context, width, layers, heads, dropout = 0 }: Sizes): DecoderSpec {
  return {
    version: 1,
    kind: "decoder",
    vocabulary,
    context,
    width,
    layers,
    position: { kind: "learned" },
    attention: { kind: "multi-head", heads },
    feedForward: { kind: "mlp", hidden: 4 * width, activation: "gelu-tanh" },
    norm: { kind: "layer-norm", epsilon: 1e-5 },
    residual: { kind: "pre-norm" },
    dropout,
    tied: true,
  };
}

/**
 * GPT-3's architecture (Brown et al. 2020, "Language models are few-shot learners"): GPT-2's, with layers that see everything and layers that look back only so far
 * in turn. The paper's band is that of Child et al. 2019, "Generating long sequences with sparse transformers"; `window` is its width, the token itself included, by
 * default 256, as in GPT-Neo.
 *
 * @example
 * ```ts
 * const spec = gpt3({ vocabulary: 50257, context: 2048, width: 768, layers: 12, heads: 12 });
 * console.log(spec.attention.windows); // [ null, 256 ]
 * ```
 */
export function gpt3({ window = 256, ...sizes }: Sizes & { readonly window?: number }): DecoderSpec {
  const spec = gpt(sizes);
  return { ...spec, attention: { ...spec.attention, windows: [null, window] } };
}

/**
 * BERT's architecture (Devlin et al. 2018): learned positions, segments, post-norm blocks, exact GELU, a head for masked words.
 *
 * @example
 * ```ts
 * const model = assemble(bert({ vocabulary: 600, context: 64, width: 96, layers: 3, heads: 4 }));
 * ```
 */
export function bert({
  vocabulary,
  context,
  width,
  layers,
  heads,
  dropout = 0,
  segments = 2,
}: Sizes & { readonly segments?: number }): EncoderSpec {
  return {
    version: 1,
    kind: "encoder",
    vocabulary,
    context,
    width,
    layers,
    position: { kind: "learned" },
    segments,
    embeddingNorm: true,
    attention: { kind: "multi-head", heads },
    feedForward: { kind: "mlp", hidden: 4 * width, activation: "gelu" },
    norm: { kind: "layer-norm", epsilon: 1e-12 },
    residual: { kind: "post-norm" },
    dropout,
  };
}

/**
 * Llama's architecture (Touvron et al. 2023): rotary positions, RMS norms, grouped keys, SwiGLU, no biases, an output of its own.
 *
 * @example
 * ```ts
 * const model = assemble(llama({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4, keyValueHeads: 2, hidden: 344 }));
 * ```
 */
export function llama({
  vocabulary,
  context,
  width,
  layers,
  heads,
  dropout = 0,
  keyValueHeads = heads,
  hidden,
}: Sizes & { readonly keyValueHeads?: number; readonly hidden: number }): DecoderSpec {
  return {
    version: 1,
    kind: "decoder",
    vocabulary,
    context,
    width,
    layers,
    position: { kind: "rotary", base: 10000 },
    attention: { kind: "multi-head", heads, keyValueHeads, bias: false },
    feedForward: { kind: "gated-mlp", hidden, activation: "silu", bias: false },
    norm: { kind: "rms-norm", epsilon: 1e-5 },
    residual: { kind: "pre-norm" },
    dropout,
    tied: false,
  };
}
