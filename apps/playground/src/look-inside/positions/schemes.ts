import type { PartSpec } from "@tenon/models";

/** A scheme that can be drawn beside the model's own. */
export interface Scheme {
  readonly id: string;
  readonly title: string;
  /** For a model whose texts are this long. */
  readonly spec: (context: number) => PartSpec;
}

const scaled =
  (kind: string, options: (context: number) => Readonly<Record<string, number>>) =>
  (context: number): PartSpec => ({
    kind: "rotary",
    scaling: { kind, ...options(context) },
  });

/** All that Tenon brings, with the sizes of their papers; scalings for texts four times as long as the model's. */
export const schemes: readonly Scheme[] = [
  { id: "sinusoidal", title: "Sinusoids", spec: () => ({ kind: "sinusoidal" }) },
  { id: "learned", title: "Learned vectors", spec: () => ({ kind: "learned" }) },
  { id: "relative", title: "Relative vectors (Shaw)", spec: () => ({ kind: "relative", clip: 16 }) },
  { id: "t5", title: "T5's bias", spec: () => ({ kind: "t5" }) },
  { id: "alibi", title: "ALiBi", spec: () => ({ kind: "alibi" }) },
  { id: "rotary", title: "RoPE", spec: () => ({ kind: "rotary" }) },
  { id: "linear", title: "RoPE, linear scaling × 4", spec: scaled("linear", () => ({ factor: 4 })) },
  {
    id: "dynamic-ntk",
    title: "RoPE, dynamic NTK × 4",
    spec: scaled("dynamic-ntk", (context) => ({ factor: 4, context })),
  },
  { id: "yarn", title: "RoPE, YaRN × 4", spec: scaled("yarn", (context) => ({ factor: 4, context })) },
  {
    id: "llama-3",
    title: "RoPE, Llama 3's scaling × 4",
    spec: scaled("llama-3", (context) => ({ factor: 4, context })),
  },
];

/** What a kind of scheme does, with its paper. */
const aboutKinds: Readonly<Record<string, string>> = {
  none: "This model is told nothing of positions. A decoder can still tell order from its mask; an encoder cannot.",
  sinusoidal:
    "Sines and cosines of ever longer waves are added to the embeddings: neighbours get similar vectors (Vaswani et al. 2017, “Attention is all you need”).",
  learned:
    "A trained vector for each position is added to the embeddings; before training they are random (Gehring et al. 2017, “Convolutional sequence to sequence learning”; BERT, GPT-2).",
  relative:
    "A trained vector for each distance, up to a farthest, meets the query and adds to its score (Shaw et al. 2018, “Self-attention with relative position representations”). Drawn for a query of ones.",
  t5: "A trained number for each head and bucket of distances is added to the scores; far distances share a bucket (Raffel et al. 2020, “Exploring the limits of transfer learning”).",
  alibi:
    "Scores fall in a straight line with the distance, each head at its own slope; nothing is trained (Press et al. 2021, “Train short, test long”).",
  rotary:
    "Pairs of elements of queries and keys turn with the position, fast ones and slow ones, so that a score depends on the distance alone (Su et al. 2021, “RoFormer”).",
};

/** What a scaling does to it. */
const aboutScalings: Readonly<Record<string, string>> = {
  linear:
    "All pairs turn more slowly by one factor, so that long texts fit into the angles of the training (Chen et al. 2023, “Extending context window of large language models via positional interpolation”).",
  "dynamic-ntk":
    "The base grows once a text is longer than those of the training: slow pairs slow down more than fast ones (NTK-aware scaling, 2023).",
  yarn: "Fast pairs stay as they are, slow ones are slowed down in full, a ramp lies between (Peng et al. 2023, “YaRN”).",
  "long-rope": "Each pair is slowed down by a factor of its own (Ding et al. 2024, “LongRoPE”).",
  "llama-3":
    "Waves shorter than a part of the context stay, long ones are slowed down, with a smooth step between (Llama 3.1, 2024).",
};

/** A few sentences on a scheme, as a spec has it. */
export function aboutOf({ kind, scaling }: PartSpec): string {
  const scaled = (scaling as { readonly kind?: string } | undefined)?.kind ?? "";
  return [aboutKinds[kind] ?? `The position scheme “${kind}”.`, aboutScalings[scaled]].filter(Boolean).join(" ");
}
