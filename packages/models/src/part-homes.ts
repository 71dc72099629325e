import {
  AdditiveAttention,
  LatentAttention,
  LinearAttention,
  MultiHeadAttention,
  MultiHeadCrossAttention,
  MultiplicativeAttention,
} from "@tenon/attention";
import {
  BidirectionalGRU,
  CrossAttentionBlock,
  DeepNorm,
  GatedExperts,
  GatedMLP,
  GRU,
  GRUCell,
  LayerScale,
  MixtureOfExperts,
  MLP,
  NoResidual,
  ParallelBlock,
  PostNorm,
  PreNorm,
  ResNet,
  ResNetBlock,
  ReZero,
  SandwichNorm,
  Shortcut,
  Stack,
  StochasticDepth,
  TopKRouter,
  TransformerBlock,
  ZeroPaddedShortcut,
} from "@tenon/blocks";
import {
  FactorisedEmbedding,
  FactorisedOutput,
  InputEmbedding,
  PatchEmbedding,
  ScaledEmbedding,
  ScaledLogits,
  ScaledOutput,
  SegmentEmbedding,
  SoftCappedLogits,
  TiedOutput,
  TokenEmbedding,
  TransposedLinear,
} from "@tenon/embeddings";
import {
  Conv2d,
  Dropout,
  Embedding,
  GroupNorm,
  LayerNorm,
  Linear,
  LowRankAdapter,
  Maxout,
  RMSNorm,
  ScaleNorm,
} from "@tenon/nn";
import {
  AlibiPosition,
  LearnedPosition,
  RelativePosition,
  RotaryPosition,
  SinusoidalPosition,
  T5Bias,
} from "@tenon/positional";

import { Decoder } from "./decoder.ts";
import { EmbeddedStack } from "./encoder-decoder/embedded-stack.ts";
import { EncoderDecoder } from "./encoder-decoder/encoder-decoder.ts";
import { Encoder } from "./encoder.ts";
import { ClassificationHead } from "./heads/classification-head.ts";
import { MaskedLanguageHead } from "./heads/masked-language-head.ts";
import { Pooler } from "./heads/pooler.ts";
import { PreTrainingHead } from "./heads/pre-training-head.ts";
import { SentenceHead } from "./heads/sentence-head.ts";
import { TokenClassificationHead } from "./heads/token-classification-head.ts";
import { ClassTokenHead } from "./image/class-token-head.ts";
import { ImageEncoder } from "./image/image-encoder.ts";
import { RecurrentDecoder } from "./recurrent/recurrent-decoder.ts";
import { RnnEncoderDecoder } from "./recurrent/rnn-encoder-decoder.ts";
import { RnnSearch } from "./recurrent/rnn-search.ts";

// One by one, since a page would load all of a package that is named as a whole. A test looks for one that is missing.
const byPackage = {
  "@tenon/nn": {
    Conv2d,
    Dropout,
    Embedding,
    GroupNorm,
    LayerNorm,
    Linear,
    LowRankAdapter,
    Maxout,
    RMSNorm,
    ScaleNorm,
  },
  "@tenon/positional": {
    AlibiPosition,
    LearnedPosition,
    RelativePosition,
    RotaryPosition,
    SinusoidalPosition,
    T5Bias,
  },
  "@tenon/embeddings": {
    FactorisedEmbedding,
    FactorisedOutput,
    InputEmbedding,
    PatchEmbedding,
    ScaledEmbedding,
    ScaledLogits,
    ScaledOutput,
    SegmentEmbedding,
    SoftCappedLogits,
    TiedOutput,
    TokenEmbedding,
    TransposedLinear,
  },
  "@tenon/attention": {
    AdditiveAttention,
    LatentAttention,
    LinearAttention,
    MultiHeadAttention,
    MultiHeadCrossAttention,
    MultiplicativeAttention,
  },
  "@tenon/blocks": {
    BidirectionalGRU,
    CrossAttentionBlock,
    DeepNorm,
    GRU,
    GRUCell,
    GatedExperts,
    GatedMLP,
    LayerScale,
    MLP,
    MixtureOfExperts,
    NoResidual,
    ParallelBlock,
    PostNorm,
    PreNorm,
    ReZero,
    ResNet,
    ResNetBlock,
    SandwichNorm,
    Shortcut,
    Stack,
    StochasticDepth,
    TopKRouter,
    TransformerBlock,
    ZeroPaddedShortcut,
  },
  "@tenon/models": {
    Decoder,
    EmbeddedStack,
    Encoder,
    EncoderDecoder,
    MaskedLanguageHead,
    Pooler,
    ClassificationHead,
    TokenClassificationHead,
    PreTrainingHead,
    SentenceHead,
    ImageEncoder,
    ClassTokenHead,
    RnnEncoderDecoder,
    RnnSearch,
    RecurrentDecoder,
  },
};

/** The classes of Tenon's parts, each with its name, which a minifier would shorten, and its package. */
export const partHomes: ReadonlyMap<unknown, { readonly kind: string; readonly package: string }> = new Map(
  Object.entries(byPackage).flatMap(([home, names]) =>
    Object.entries(names).map(([kind, value]) => [value as unknown, { kind, package: home }] as const),
  ),
);
