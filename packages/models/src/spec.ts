import type { InitialSchemeName } from "@tenon/nn";
import type { HeightWidth, Json } from "@tenon/tensor";

import type { ImageHeadSpec } from "./image/image-head-spec.ts";
import type { RnnEncoderDecoderSpec, RnnSearchSpec } from "./recurrent/recurrent-spec.ts";

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
  /** How positions are told: "none", "learned", "sinusoidal", "relative", "t5", "alibi", "rotary". */
  readonly position: PartSpec;
  /** "multi-head", "latent", "linear". */
  readonly attention: PartSpec;
  /** "mlp", "gated-mlp", "mixture". */
  readonly feedForward: PartSpec;
  /** "layer-norm", "rms-norm", "scale-norm". */
  readonly norm: PartSpec;
  /** How sublayers join the stream: "pre-norm", "post-norm", "sandwich-norm", "parallel", "deep-norm", "re-zero", "layer-scale". Its `finalNorm: true` asks for a norm after the last block. */
  readonly residual: PartSpec;
  /** The share of elements that are dropped while training, of the embeddings and of what each sublayer adds; 0 ≤ dropout < 1. */
  readonly dropout: number;
  /** How many sets of parameters the layers share, each a run of neighbours (Lan et al. 2019, "ALBERT"); it divides `layers`. Default: each layer has its own. */
  readonly layerGroups?: number;
  /** How tokens become vectors, where that is unusual. */
  readonly tokens?: TokensSpec;
  /** How all weights begin: a scheme of `initialScheme` of `@tenon/nn`, or "deep-norm". Default: as each part does by itself. */
  readonly initial?: InitialSchemeName | "deep-norm";
}

/** How tokens become vectors. */
export type TokensSpec = {
  /** Width of the tokens' vectors, which a linear map then brings to that of the stream (Lan et al. 2019, "ALBERT"). Default: that of the stream. */
  readonly width?: number;
  /** Are they multiplied by the square root of their width (Vaswani et al. 2017)? Default false. */
  readonly scaled?: boolean;
};

/** What is done to the logits. */
export type LogitsSpec = {
  /** Is a bias added to them, first of all (Wang and Komatsuzaki 2021, "GPT-J-6B")? Default false. */
  readonly bias?: boolean;
  /** What they are multiplied by. Default 1. */
  readonly scale?: number;
  /** Bends them to softCap · tanh(logit / softCap) (Gemma team 2024, "Gemma 2"). Default: they stay as they are. */
  readonly softCap?: number;
};

/** A GPT-like model: each token sees itself and those before it, and predicts the next. */
export interface DecoderSpec extends StackSpec {
  readonly kind: "decoder";
  /** Does the output share the token table (Press and Wolf 2016)? */
  readonly tied: boolean;
  /** What is done to the logits. Default: nothing. */
  readonly logits?: LogitsSpec;
}

/** A BERT-like model: each token sees all, and a head makes of them what is asked for. */
export interface EncoderSpec extends StackSpec {
  readonly kind: "encoder";
  /** How many kinds of segment ids there are; 0 for none. */
  readonly segments: number;
  /** Is the sum of the embeddings normalised, as in BERT? */
  readonly embeddingNorm: boolean;
  /** What is made of the tokens' vectors: "none", "masked-language", "pooler", "classification", "token-classification", "pre-training", "sentence". Default "masked-language". */
  readonly head?: PartSpec;
}

/** One side of an encoder–decoder. The keys mean what they mean in a {@link StackSpec}; `context` is the largest s or t. */
export interface SideSpec extends Pick<
  StackSpec,
  "context" | "layers" | "layerGroups" | "position" | "attention" | "feedForward" | "norm" | "residual"
> {
  /** Is the sum of the embeddings normalised, as in BART? Default false. */
  readonly embeddingNorm: boolean;
}

/** The side that writes: it looks at what the other side has read. */
export interface TargetSideSpec extends SideSpec {
  /** How it looks there: "multi-head", "additive", "multiplicative". */
  readonly crossAttention: PartSpec;
}

/**
 * An encoder–decoder: one sequence is read as a whole, another is written token by token, each seeing itself, those before it and all of the first.
 * `width` is d of both sides.
 */
export interface EncoderDecoderSpec extends Pick<
  StackSpec,
  "version" | "vocabulary" | "width" | "dropout" | "tokens" | "initial"
> {
  readonly kind: "encoder-decoder";
  readonly encoder: SideSpec;
  readonly decoder: TargetSideSpec;
  /** How many tokens the source has, whose table is then its own. Default: both sides share one table. */
  readonly sourceVocabulary?: number;
  /** Does the output share the token table of the decoder (Press and Wolf 2016)? */
  readonly tied: boolean;
  /** What is done to the logits. Default: nothing. */
  readonly logits?: LogitsSpec;
}

/** A ViT-like model: an image in patches, each of which sees all, behind a class token. */
export interface ImageEncoderSpec extends Omit<StackSpec, "vocabulary" | "context" | "tokens"> {
  readonly kind: "image-encoder";
  /** Height and width of an image, in pixels. */
  readonly image: HeightWidth;
  /** Height and width of a patch: they divide those of the image. */
  readonly patch: HeightWidth;
  /** Numbers of a pixel. */
  readonly channels: number;
  readonly head: ImageHeadSpec;
}

/** An architecture as data: what is saved, edited and shown. */
export type Spec =
  | DecoderSpec
  | EncoderSpec
  | EncoderDecoderSpec
  | ImageEncoderSpec
  | RnnEncoderDecoderSpec
  | RnnSearchSpec;
