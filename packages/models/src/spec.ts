import type { Json } from "@tenon/tensor";

/** One part of a spec: which kind it is, and that kind's options. */
export interface PartSpec {
  readonly kind: string;
  readonly [option: string]: Json;
}

/** What every model's spec says. Sizes are counts; `width` is d, `vocabulary` is v, `context` the largest t. */
export interface StackSpec {
  /** The version of this format. */
  readonly version: 1;
  readonly vocabulary: number;
  readonly context: number;
  readonly width: number;
  readonly layers: number;
  /** How positions are told: "learned", "sinusoidal", "rotary", "none". */
  readonly position: PartSpec;
  /** "multi-head". */
  readonly attention: PartSpec;
  /** "mlp", "gated-mlp". */
  readonly feedForward: PartSpec;
  /** "layer-norm", "rms-norm". */
  readonly norm: PartSpec;
  /** Where the norm stands in each residual branch: "pre-norm", "post-norm". Its `finalNorm: true` asks for one after the last block. */
  readonly residual: PartSpec;
  /** The share of elements that are dropped while training, of the embeddings and of what each sublayer adds; 0 ≤ dropout < 1. */
  readonly dropout: number;
}

/** A GPT-like model: each token sees itself and those before it, and predicts the next. */
export interface DecoderSpec extends StackSpec {
  readonly kind: "decoder";
  /** Does the output share the token table (Press and Wolf 2016)? */
  readonly tied: boolean;
}

/** A BERT-like model: each token sees all, and masked ones are predicted. */
export interface EncoderSpec extends StackSpec {
  readonly kind: "encoder";
  /** How many kinds of segment ids there are; 0 for none. */
  readonly segments: number;
  /** Is the sum of the embeddings normalised, as in BERT? */
  readonly embeddingNorm: boolean;
}

/** An architecture as data: what is saved, edited and shown. */
export type Spec = DecoderSpec | EncoderSpec;
