import { bert, gpt, llama, transformer } from "@tenon/models";

import type { Preset } from "./preset.ts";
import { shippedDecoder, shippedEncoder } from "./shipped-specs.ts";

/** Sizes that train well in a page, with the vocabulary of Tenon's stories. */
const small = { vocabulary: 1226, context: 64, width: 64, layers: 2, heads: 4 } as const;

/** What trains in a page. */
export const smallPresets: readonly Preset[] = [
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
