import type { DecoderSpec } from "@tenon/models";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import { joinedTransposed, transposed } from "../names/layout.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { attentionOf, dividedWidth, ownKeys, plainEnds, tiedOutput } from "./plain-decoder.ts";

/**
 * GPT-2: learned positions, pre-norm blocks, GELU by tanh, the output tied to the token table.
 *
 * Radford et al. 2019, "Language models are unsupervised multitask learners".
 */
export const gpt2: Family = {
  type: "gpt2",
  architectures: ["GPT2LMHeadModel"],
  base: "transformer.",
  // Causal masks, which checkpoints of the first years hold.
  computed: [/\.attn\.(masked_)?bias$/],
  spec(config): DecoderSpec {
    config.only("scale_attn_weights", true);
    config.only("scale_attn_by_inverse_layer_idx", false);
    config.only("add_cross_attention", false);
    const width = config.size("n_embd");
    return {
      version: 1,
      kind: "decoder",
      vocabulary: config.size("vocab_size"),
      context: config.size("n_positions", 1024),
      width,
      layers: config.layers("n_layer"),
      position: { kind: "learned" },
      attention: { kind: "multi-head", heads: config.size("n_head") },
      feedForward: {
        kind: "mlp",
        hidden: config.size("n_inner", 4 * width),
        activation: config.choice("activation_function", activationNames, "gelu_new"),
      },
      norm: { kind: "layer-norm", epsilon: config.number("layer_norm_epsilon", 1e-5) },
      residual: { kind: "pre-norm" },
      dropout: 0,
      tied: config.flag("tie_word_embeddings", true),
    };
  },
  config(spec) {
    const decoder = decoderOf("gpt2", spec);
    partOf("gpt2", "residual", decoder.residual, "pre-norm", { finalNorm: [true, undefined] });
    return {
      ...gptConfig("gpt2", decoder),
      activation_function: nameOfActivation("gpt2", decoder.feedForward["activation"] as string, "gelu_new"),
    };
  },
  names: () => [
    ...renamed({
      "embedding.tokens.table": "transformer.wte.weight",
      "embedding.position.table": "transformer.wpe.weight",
      "norm.weight": "transformer.ln_f.weight",
      "norm.bias": "transformer.ln_f.bias",
      "output.weight": "lm_head.weight",
    }),
    ...gptBlocks,
  ],
  repeated: tiedOutput("lm_head.weight", "transformer.wte.weight"),
};

/** The keys that GPT and GPT-2 share. Throws `ConfigError` for a spec of another kind. */
export function gptConfig(family: string, spec: DecoderSpec): Record<string, string | number | boolean | null> {
  const { attention, feedForward, vocabulary, context, width, layers, tied } = spec;
  partOf(family, "position", spec.position, "learned", { reserved: [undefined, 0] });
  attentionOf(family, spec, { bias: [true, undefined], ...ownKeys(spec), ...dividedWidth(spec) });
  partOf(family, "feedForward", feedForward, "mlp", { bias: [true, undefined] });
  partOf(family, "norm", spec.norm, "layer-norm", { bias: [true, undefined] });
  plainEnds(family, spec);
  const hidden = feedForward["hidden"] as number;
  return {
    vocab_size: vocabulary,
    n_positions: context,
    n_embd: width,
    n_layer: layers,
    n_head: attention["heads"] as number,
    n_inner: hidden === 4 * width ? null : hidden,
    layer_norm_epsilon: spec.norm["epsilon"] as number,
    tie_word_embeddings: tied,
  };
}

const block = "transformer.h.{layer}";
const projections = ["query", "key", "value"].map((name) => `blocks.{layer}.attention.${name}`);
/** The names inside of the blocks, which GPT and GPT-2 share. Their maps are `Conv1D`s: [in, out], with queries, keys and values side by side. */
export const gptBlocks: readonly NameRule[] = [
  {
    ours: projections.map((path) => `${path}.weight`),
    theirs: `${block}.attn.c_attn.weight`,
    layout: joinedTransposed,
  },
  { ours: projections.map((path) => `${path}.bias`), theirs: `${block}.attn.c_attn.bias`, layout: joinedTransposed },
  ...renamed(
    {
      "blocks.{layer}.attention.output.weight": `${block}.attn.c_proj.weight`,
      "blocks.{layer}.feedForward.up.weight": `${block}.mlp.c_fc.weight`,
      "blocks.{layer}.feedForward.down.weight": `${block}.mlp.c_proj.weight`,
    },
    transposed,
  ),
  ...renamed({
    "blocks.{layer}.attention.output.bias": `${block}.attn.c_proj.bias`,
    "blocks.{layer}.feedForward.up.bias": `${block}.mlp.c_fc.bias`,
    "blocks.{layer}.feedForward.down.bias": `${block}.mlp.c_proj.bias`,
    "blocks.{layer}.attentionResidual.norm.weight": `${block}.ln_1.weight`,
    "blocks.{layer}.attentionResidual.norm.bias": `${block}.ln_1.bias`,
    "blocks.{layer}.feedForwardResidual.norm.weight": `${block}.ln_2.weight`,
    "blocks.{layer}.feedForwardResidual.norm.bias": `${block}.ln_2.bias`,
  }),
];
