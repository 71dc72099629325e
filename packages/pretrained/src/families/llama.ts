import type { DecoderSpec, Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { ropeConfig, rotaryOf } from "../config/rope.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import type { Family } from "./family.ts";
import { decoderOf, partOf } from "./expressible.ts";

/**
 * Llama 1 to 3: pre-norm blocks with RMS norms, rotary positions, grouped keys and SwiGLU.
 *
 * Touvron et al. 2023, "LLaMA: Open and efficient foundation language models"; Grattafiori et al. 2024, "The Llama 3 herd of models".
 */
export const llama: Family = {
  type: "llama",
  architectures: ["LlamaForCausalLM"],
  base: "model.",
  computed: [/\.rotary_emb\.inv_freq$/],

  spec(config): DecoderSpec {
    config.only("pretraining_tp", 1);
    return llamaSpec(config, { bias: config.flag("attention_bias", false) });
  },
  config(spec): Readonly<Record<string, Json>> {
    const { attention } = decoderOf("llama", spec);
    return { ...llamaConfig("llama", spec), attention_bias: attention["bias"] === true };
  },
  names: () => llamaNames,
  repeated: tiedOutput,
};

/** What the relatives of Llama have in common, as a spec; `attention` is what each has of its own. */
export function llamaSpec(config: Config, attention: Readonly<Record<string, Json>>): DecoderSpec {
  const heads = config.size("num_attention_heads");
  const headWidth = config.has("head_dim") ? { headWidth: config.size("head_dim") } : {};
  return {
    version: 1,
    kind: "decoder",
    vocabulary: config.size("vocab_size"),
    context: config.size("max_position_embeddings", 2048),
    width: config.size("hidden_size"),
    layers: config.layers("num_hidden_layers"),
    position: rotaryOf(config),
    attention: {
      kind: "multi-head",
      heads,
      keyValueHeads: config.size("num_key_value_heads", heads),
      ...headWidth,
      ...attention,
    },
    feedForward: {
      kind: "gated-mlp",
      hidden: config.size("intermediate_size"),
      activation: config.choice("hidden_act", activationNames, "silu"),
      bias: config.flag("mlp_bias", false),
    },
    norm: { kind: "rms-norm", epsilon: config.number("rms_norm_eps", 1e-6) },
    residual: { kind: "pre-norm" },
    dropout: 0,
    tied: config.flag("tie_word_embeddings", false),
  };
}

/** The keys of config.json that Llama's relatives have in common. Throws `ConfigError` for a spec that is none of theirs. */
export function llamaConfig(family: string, spec: Spec): Readonly<Record<string, Json>> {
  const decoder = decoderOf(family, spec);
  const { attention, feedForward, norm, position, vocabulary, context, width, layers, tied } = decoder;
  partOf(family, "position", position, "rotary", { layout: ["half-split", undefined], local: [undefined] });
  partOf(family, "attention", attention, "multi-head", {
    gate: [undefined],
    softCap: [undefined],
    sinks: [undefined, false],
    scale: [undefined],
  });
  partOf(family, "feedForward", feedForward, "gated-mlp");
  partOf(family, "norm", norm, "rms-norm", { unitOffset: [undefined, false] });
  partOf(family, "residual", decoder.residual, "pre-norm", { finalNorm: [true, undefined] });
  const heads = attention["heads"] as number;
  return {
    vocab_size: vocabulary,
    max_position_embeddings: context,
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: attention["keyValueHeads"] ?? heads,
    ...(attention["headWidth"] !== undefined && { head_dim: attention["headWidth"] }),
    intermediate_size: feedForward["hidden"]!,
    hidden_act: nameOfActivation(family, feedForward["activation"] as string),
    ...(feedForward["bias"] === true && { mlp_bias: true }),
    rms_norm_eps: norm["epsilon"]!,
    tie_word_embeddings: tied,
    ...ropeConfig(position),
  };
}

/** With tied tables, a checkpoint may hold the output once more. */
export function tiedOutput(spec: Spec): Readonly<Record<string, string>> {
  return spec.kind === "decoder" && spec.tied ? { "lm_head.weight": "model.embed_tokens.weight" } : {};
}

const layer = "model.layers.{layer}";
export const llamaNames: readonly NameRule[] = renamed({
  "embedding.tokens.table": "model.embed_tokens.weight",
  "blocks.{layer}.attention.query.weight": `${layer}.self_attn.q_proj.weight`,
  "blocks.{layer}.attention.query.bias": `${layer}.self_attn.q_proj.bias`,
  "blocks.{layer}.attention.key.weight": `${layer}.self_attn.k_proj.weight`,
  "blocks.{layer}.attention.key.bias": `${layer}.self_attn.k_proj.bias`,
  "blocks.{layer}.attention.value.weight": `${layer}.self_attn.v_proj.weight`,
  "blocks.{layer}.attention.value.bias": `${layer}.self_attn.v_proj.bias`,
  "blocks.{layer}.attention.output.weight": `${layer}.self_attn.o_proj.weight`,
  "blocks.{layer}.attention.output.bias": `${layer}.self_attn.o_proj.bias`,
  "blocks.{layer}.attention.queryNorm.weight": `${layer}.self_attn.q_norm.weight`,
  "blocks.{layer}.attention.keyNorm.weight": `${layer}.self_attn.k_norm.weight`,
  "blocks.{layer}.attentionResidual.norm.weight": `${layer}.input_layernorm.weight`,
  "blocks.{layer}.feedForward.gate.weight": `${layer}.mlp.gate_proj.weight`,
  "blocks.{layer}.feedForward.gate.bias": `${layer}.mlp.gate_proj.bias`,
  "blocks.{layer}.feedForward.up.weight": `${layer}.mlp.up_proj.weight`,
  "blocks.{layer}.feedForward.up.bias": `${layer}.mlp.up_proj.bias`,
  "blocks.{layer}.feedForward.down.weight": `${layer}.mlp.down_proj.weight`,
  "blocks.{layer}.feedForward.down.bias": `${layer}.mlp.down_proj.bias`,
  "blocks.{layer}.feedForwardResidual.norm.weight": `${layer}.post_attention_layernorm.weight`,
  "norm.weight": "model.norm.weight",
  "output.weight": "lm_head.weight",
});
