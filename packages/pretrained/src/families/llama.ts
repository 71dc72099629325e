import type { DecoderSpec, Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { ropeConfig } from "../config/rope-config.ts";
import { contextOf, rotaryOf } from "../config/rope.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import type { Family } from "./family.ts";
import { decoderOf, partOf } from "./expressible.ts";
import { attentionOf, plainEnds, tiedOutput } from "./plain-decoder.ts";

/** Frequencies of rotary positions, which older checkpoints hold. */
export const rotaryTables: readonly RegExp[] = [/(^|\.)rotary_emb\.inv_freq$/];
/** The output of Llama and its relatives, where it is that of the tokens. */
export const tiedLlama: (spec: Spec) => Readonly<Record<string, string>> = tiedOutput(
  "lm_head.weight",
  "model.embed_tokens.weight",
);

/**
 * Llama 1 to 3: pre-norm blocks with RMS norms, rotary positions, grouped keys and SwiGLU.
 *
 * Touvron et al. 2023, "LLaMA: Open and efficient foundation language models"; Grattafiori et al. 2024, "The Llama 3 herd of models".
 */
export const llama: Family = {
  type: "llama",
  architectures: ["LlamaForCausalLM"],
  base: "model.",
  computed: rotaryTables,

  spec(config): DecoderSpec {
    config.only("rope_interleaved", false);
    const spec = llamaSpec(config, { bias: config.flag("attention_bias", false) });
    return { ...spec, feedForward: { ...spec.feedForward, bias: config.flag("mlp_bias", false) } };
  },
  config(spec): Readonly<Record<string, Json>> {
    const decoder = decoderOf("llama", spec);
    attentionOf("llama", decoder, { bias: [true, false] });
    return {
      ...llamaConfig("llama", decoder, { mlpBias: [true, false, undefined] }),
      attention_bias: decoder.attention["bias"]!,
      mlp_bias: decoder.feedForward["bias"] === true,
    };
  },
  names: () => llamaNames,
  repeated: tiedLlama,
};

/** What the relatives of Llama have in common, as a spec; `attention` is what each has of its own. */
export function llamaSpec(config: Config, attention: Readonly<Record<string, Json>>): DecoderSpec {
  const heads = config.size("num_attention_heads");
  const headWidth = config.has("head_dim") ? { headWidth: config.size("head_dim") } : {};
  return {
    version: 1,
    kind: "decoder",
    vocabulary: config.size("vocab_size"),
    context: contextOf(config, 2048),
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
    },
    norm: { kind: "rms-norm", epsilon: config.number("rms_norm_eps", 1e-6) },
    residual: { kind: "pre-norm" },
    dropout: 0,
    tied: config.flag("tie_word_embeddings", false),
  };
}

/** What some relatives of Llama have and others lack: the values of a spec that are theirs. */
interface Known {
  /** Default: no bias. */
  readonly mlpBias?: readonly (boolean | undefined)[];
  /** Which shares of a head may turn. Default: all of it. */
  readonly fraction?: readonly (number | undefined)[];
}

/** The keys of config.json that Llama's relatives have in common; at its attention each looks itself. Throws `ConfigError` for a spec that is none of theirs. */
export function llamaConfig(family: string, spec: DecoderSpec, known: Known = {}): Readonly<Record<string, Json>> {
  const { attention, feedForward, norm, position, vocabulary, width, layers, tied } = spec;
  const { mlpBias = [false, undefined], fraction = [1, undefined] } = known;
  partOf(family, "position", position, "rotary", { layout: ["half-split", undefined], local: [undefined], fraction });
  partOf(family, "feedForward", feedForward, "gated-mlp", { bias: mlpBias });
  partOf(family, "norm", norm, "rms-norm", { unitOffset: [undefined, false] });
  partOf(family, "residual", spec.residual, "pre-norm", { finalNorm: [true, undefined] });
  plainEnds(family, spec);
  const heads = attention["heads"] as number;
  return {
    vocab_size: vocabulary,
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: attention["keyValueHeads"] ?? heads,
    ...(attention["headWidth"] !== undefined && { head_dim: attention["headWidth"] }),
    intermediate_size: feedForward["hidden"]!,
    hidden_act: nameOfActivation(family, feedForward["activation"] as string),
    rms_norm_eps: norm["epsilon"]!,
    tie_word_embeddings: tied,
    ...ropeConfig(family, position, spec.context),
  };
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
