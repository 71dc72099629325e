import { bert, gpt, gpt3, llama, type Spec, t5, transformer } from "@tenon/models";

import { shippedDecoder, shippedEncoder } from "./shipped-specs.ts";

/** A spec to begin with. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Where it belongs: what trains in this page, or what others have published. */
  readonly group: "small" | "published";
  readonly spec: Spec;
}

/** Sizes that train well in a page, with the vocabulary of Tenon's stories. */
const small = { vocabulary: 1226, context: 64, width: 64, layers: 2, heads: 4 } as const;

const smallOnes: readonly Preset[] = [
  {
    id: "story-decoder",
    title: "Story decoder",
    about: "The decoder that comes with Tenon: a GPT with rotary positions, trained on its stories.",
    group: "small",
    spec: shippedDecoder,
  },
  {
    id: "story-encoder",
    title: "Story encoder",
    about: "The encoder that comes with Tenon: a BERT with rotary positions, which fills gaps in its stories.",
    group: "small",
    spec: shippedEncoder,
  },
  {
    id: "tiny-gpt",
    title: "Tiny GPT",
    about: "GPT-2 in miniature: learned positions, pre-norm, GELU.",
    group: "small",
    spec: gpt(small),
  },
  {
    id: "tiny-llama",
    title: "Tiny Llama",
    about: "Llama in miniature: rotary positions, RMS norms, grouped keys, SwiGLU, no biases.",
    group: "small",
    spec: { ...llama({ ...small, keyValueHeads: 2, hidden: 176 }), tied: true },
  },
  {
    id: "tiny-alibi",
    title: "Tiny ALiBi",
    about:
      "No positions in the embeddings: scores fall with the distance. It reads longer texts than it has learned from.",
    group: "small",
    spec: { ...llama({ ...small, hidden: 176 }), position: { kind: "alibi" }, tied: true },
  },
  {
    id: "tiny-experts",
    title: "Tiny mixture of experts",
    about: "Each token passes two of four experts.",
    group: "small",
    spec: {
      ...llama({ ...small, hidden: 176 }),
      feedForward: { kind: "mixture", experts: 4, expertsPerToken: 2, hidden: 96 },
      tied: true,
    },
  },
  {
    id: "tiny-gemma-2",
    title: "Tiny Gemma 2",
    about:
      "Norms on both sides of each sublayer, windows in every other layer, scores and logits that are bent to a cap.",
    group: "small",
    spec: {
      ...llama({ ...small, keyValueHeads: 2, hidden: 176 }),
      attention: { kind: "multi-head", heads: 4, keyValueHeads: 2, bias: false, softCap: 50, windows: [16, null] },
      feedForward: { kind: "gated-mlp", hidden: 176, activation: "gelu-tanh" },
      norm: { kind: "rms-norm", unitOffset: true },
      residual: { kind: "sandwich-norm" },
      tokens: { scaled: true },
      logits: { softCap: 30 },
      tied: true,
    },
  },
  {
    id: "tiny-bert",
    title: "Tiny BERT",
    about: "BERT in miniature: learned positions, post-norm, a head for masked words.",
    group: "small",
    spec: bert({ ...small, segments: 0 }),
  },
  {
    id: "tiny-albert",
    title: "Tiny ALBERT",
    about: "Four layers that share one set of parameters, and tokens in narrow vectors.",
    group: "small",
    spec: { ...bert({ ...small, layers: 4, segments: 0 }), layerGroups: 1, tokens: { width: 32 } },
  },
  {
    id: "tiny-transformer",
    title: "Tiny Transformer",
    about: "The encoder–decoder of 2017 in miniature: sinusoids, post-norm, ReLU.",
    group: "small",
    spec: transformer(small),
  },
];

const gpt2 = { vocabulary: 50257, context: 1024 } as const;

const publishedOnes: readonly Preset[] = [
  published("gpt2", "GPT-2 small", gpt({ ...gpt2, width: 768, layers: 12, heads: 12 })),
  published("gpt2-medium", "GPT-2 medium", gpt({ ...gpt2, width: 1024, layers: 24, heads: 16 })),
  published("gpt2-large", "GPT-2 large", gpt({ ...gpt2, width: 1280, layers: 36, heads: 20 })),
  published("gpt2-xl", "GPT-2 XL", gpt({ ...gpt2, width: 1600, layers: 48, heads: 25 })),
  published(
    "gpt3-small",
    "GPT-3 small, with windows",
    gpt3({ vocabulary: 50257, context: 2048, width: 768, layers: 12, heads: 12 }),
  ),
  published(
    "llama-2-7b",
    "Llama 2 7B",
    llama({ vocabulary: 32000, context: 4096, width: 4096, layers: 32, heads: 32, hidden: 11008 }),
  ),
  published("llama-3.2-1b", "Llama 3.2 1B", {
    ...llama({
      vocabulary: 128256,
      context: 131072,
      width: 2048,
      layers: 16,
      heads: 32,
      keyValueHeads: 8,
      hidden: 8192,
    }),
    position: {
      kind: "rotary",
      base: 500000,
      scaling: { kind: "llama-3", factor: 32, context: 8192, lowFrequencyFactor: 1, highFrequencyFactor: 4 },
    },
    tied: true,
  }),
  published("bert-base", "BERT base, uncased, with its pooler", {
    ...bert({ vocabulary: 30522, context: 512, width: 768, layers: 12, heads: 12 }),
    head: { kind: "pooler" },
  }),
  published(
    "bert-base-masked",
    "BERT base, uncased, for masked words",
    bert({ vocabulary: 30522, context: 512, width: 768, layers: 12, heads: 12 }),
  ),
  published("albert-base", "ALBERT base v2", {
    ...bert({ vocabulary: 30000, context: 512, width: 768, layers: 12, heads: 12 }),
    layerGroups: 1,
    tokens: { width: 128 },
    feedForward: { kind: "mlp", hidden: 3072, activation: "gelu-tanh" },
    head: { kind: "pooler" },
  }),
  published(
    "t5-small",
    "T5 small",
    t5({ vocabulary: 32128, context: 512, width: 512, layers: 6, heads: 8, hidden: 2048 }),
  ),
  published(
    "t5-base",
    "T5 base",
    t5({ vocabulary: 32128, context: 512, width: 768, layers: 12, heads: 12, hidden: 3072 }),
  ),
  published(
    "transformer-base",
    "Transformer base (2017)",
    transformer({ vocabulary: 37000, context: 512, width: 512, layers: 6, heads: 8 }),
  ),
];

function published(id: string, title: string, spec: Spec): Preset {
  return { id, title, about: "", group: "published", spec };
}

/** The specs to begin with. */
export class Presets {
  list(): readonly Preset[] {
    return [...smallOnes, ...publishedOnes];
  }
}
