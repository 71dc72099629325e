import { bert, gpt, gpt3, llama, type Spec, t5, transformer } from "@tenon/models";

import type { Preset } from "./preset.ts";

const gpt2Sizes = { vocabulary: 50257, context: 1024 } as const;
const bertSizes = { vocabulary: 30522, context: 512, width: 768, layers: 12, heads: 12 } as const;
const gpt2About = "Learned positions, pre-norm, GELU; the output shares the token table (Radford et al. 2019).";
const t5About = "A bias for each distance, RMS norms, nothing with a bias (Raffel et al. 2020), release 1.0.";

/** What others have published, at full size. */
export const publishedPresets: readonly Preset[] = [
  published("gpt2", "GPT-2 small", gpt2About, gpt({ ...gpt2Sizes, width: 768, layers: 12, heads: 12 })),
  published("gpt2-medium", "GPT-2 medium", gpt2About, gpt({ ...gpt2Sizes, width: 1024, layers: 24, heads: 16 })),
  published("gpt2-large", "GPT-2 large", gpt2About, gpt({ ...gpt2Sizes, width: 1280, layers: 36, heads: 20 })),
  published("gpt2-xl", "GPT-2 XL", gpt2About, gpt({ ...gpt2Sizes, width: 1600, layers: 48, heads: 25 })),
  published(
    "gpt3-small",
    "GPT-3 small",
    "GPT-2 whose layers look at everything and 256 tokens back in turn (Brown et al. 2020), with the windows of GPT-Neo.",
    gpt3({ vocabulary: 50257, context: 2048, width: 768, layers: 12, heads: 12 }),
  ),
  published(
    "llama-2-7b",
    "Llama 2 7B",
    "Rotary positions, RMS norms, SwiGLU, no biases (Touvron et al. 2023).",
    llama({ vocabulary: 32000, context: 4096, width: 4096, layers: 32, heads: 32, hidden: 11008 }),
  ),
  published(
    "llama-3.2-1b",
    "Llama 3.2 1B",
    "Llama with grouped keys, and rotary positions that are scaled for long texts.",
    {
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
    },
  ),
  published(
    "bert-base",
    "BERT base",
    "Learned positions, segments, post-norm (Devlin et al. 2018), uncased, with its pooler.",
    {
      ...bert(bertSizes),
      head: { kind: "pooler" },
    },
  ),
  published(
    "bert-base-masked",
    "BERT base for masked words",
    "The same with the head that fills gaps.",
    bert(bertSizes),
  ),
  published(
    "albert-base",
    "ALBERT base v2",
    "Twelve layers that share one set of parameters, and tokens in narrow vectors (Lan et al. 2019).",
    {
      ...bert({ ...bertSizes, vocabulary: 30000 }),
      layerGroups: 1,
      tokens: { width: 128 },
      feedForward: { kind: "mlp", hidden: 3072, activation: "gelu-tanh" },
      head: { kind: "pooler" },
    },
  ),
  published(
    "t5-small",
    "T5 small",
    t5About,
    t5({ vocabulary: 32128, context: 512, width: 512, layers: 6, heads: 8, hidden: 2048 }),
  ),
  published(
    "t5-base",
    "T5 base",
    t5About,
    t5({ vocabulary: 32128, context: 512, width: 768, layers: 12, heads: 12, hidden: 3072 }),
  ),
  published(
    "transformer-base",
    "Transformer base",
    "The encoder–decoder of 2017: sinusoids, post-norm, ReLU (Vaswani et al. 2017). Its weights were not published in a form that Tenon reads.",
    transformer({ vocabulary: 37000, context: 512, width: 512, layers: 6, heads: 8 }),
  ),
];

function published(id: string, title: string, about: string, spec: Spec): Preset {
  return { id, title, about, group: "published", spec };
}
