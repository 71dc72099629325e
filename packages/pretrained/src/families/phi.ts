import type { DecoderSpec } from "@tenon/models";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import { ropeConfig } from "../config/rope-config.ts";
import { contextOf, rotaryOf } from "../config/rope.ts";
import { joined } from "../names/layout.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { cannot, decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaConfig, llamaNames, llamaSpec, rotaryTables, tiedLlama } from "./llama.ts";
import { slidingConfig, slidingWindow } from "./mistral.ts";
import { attentionOf, biasedEnds, dividedWidth } from "./plain-decoder.ts";

/**
 * Phi-1, 1.5 and 2: attention and feed-forward part side by side behind one norm, rotary positions for a part of each head, biases everywhere, on the logits, too.
 *
 * Li et al. 2023, "Textbooks are all you need II: phi-1.5 technical report".
 */
export const phi: Family = {
  type: "phi",
  architectures: ["PhiForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config): DecoderSpec {
    config.only("qk_layernorm", false);
    config.only("tie_word_embeddings", false);
    const heads = config.size("num_attention_heads");
    return {
      version: 1,
      kind: "decoder",
      vocabulary: config.size("vocab_size"),
      context: contextOf(config, 2048),
      width: config.size("hidden_size"),
      layers: config.layers("num_hidden_layers"),
      position: rotaryOf(config, { fraction: 0.5 }),
      attention: { kind: "multi-head", heads, keyValueHeads: config.size("num_key_value_heads", heads) },
      feedForward: {
        kind: "mlp",
        hidden: config.size("intermediate_size"),
        activation: config.choice("hidden_act", activationNames, "gelu_new"),
      },
      norm: { kind: "layer-norm", epsilon: config.number("layer_norm_eps", 1e-5) },
      residual: { kind: "parallel", norms: 1 },
      dropout: 0,
      tied: false,
      logits: { bias: true },
    };
  },
  config(spec) {
    const decoder = decoderOf("phi", spec);
    const { attention, feedForward, vocabulary, width, layers, norm, position, residual, tied } = decoder;
    partOf("phi", "position", position, "rotary", { layout: ["half-split", undefined], local: [undefined] });
    attentionOf("phi", decoder, { bias: [true, undefined], ...dividedWidth(decoder) });
    partOf("phi", "feedForward", feedForward, "mlp", { bias: [true, undefined] });
    partOf("phi", "norm", norm, "layer-norm", { bias: [true, undefined] });
    partOf("phi", "residual", residual, "parallel", { norms: [1, undefined], finalNorm: [true, undefined] });
    if (tied) throw cannot("phi", "tied", tied, "false");
    biasedEnds("phi", decoder);
    return {
      vocab_size: vocabulary,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: attention["heads"]!,
      num_key_value_heads: attention["keyValueHeads"] ?? attention["heads"]!,
      intermediate_size: feedForward["hidden"]!,
      hidden_act: nameOfActivation("phi", feedForward["activation"] as string, "gelu_new"),
      layer_norm_eps: norm["epsilon"]!,
      tie_word_embeddings: false,
      ...ropeConfig("phi", position, decoder.context),
    };
  },
  names: () =>
    renamed({
      "embedding.tokens.table": "model.embed_tokens.weight",
      "blocks.{layer}.residual.norm.weight": `${at}.input_layernorm.weight`,
      "blocks.{layer}.residual.norm.bias": `${at}.input_layernorm.bias`,
      "blocks.{layer}.attention.query.weight": `${at}.self_attn.q_proj.weight`,
      "blocks.{layer}.attention.query.bias": `${at}.self_attn.q_proj.bias`,
      "blocks.{layer}.attention.key.weight": `${at}.self_attn.k_proj.weight`,
      "blocks.{layer}.attention.key.bias": `${at}.self_attn.k_proj.bias`,
      "blocks.{layer}.attention.value.weight": `${at}.self_attn.v_proj.weight`,
      "blocks.{layer}.attention.value.bias": `${at}.self_attn.v_proj.bias`,
      "blocks.{layer}.attention.output.weight": `${at}.self_attn.dense.weight`,
      "blocks.{layer}.attention.output.bias": `${at}.self_attn.dense.bias`,
      "blocks.{layer}.feedForward.up.weight": `${at}.mlp.fc1.weight`,
      "blocks.{layer}.feedForward.up.bias": `${at}.mlp.fc1.bias`,
      "blocks.{layer}.feedForward.down.weight": `${at}.mlp.fc2.weight`,
      "blocks.{layer}.feedForward.down.bias": `${at}.mlp.fc2.bias`,
      "norm.weight": "model.final_layernorm.weight",
      "norm.bias": "model.final_layernorm.bias",
      "output.weight": "lm_head.weight",
      "output.bias": "lm_head.bias",
    }),
};

/**
 * Phi-3 and 3.5: Mistral whose projections are kept as one, with LongRoPE for the long contexts.
 *
 * Abdin et al. 2024, "Phi-3 technical report: A highly capable language model locally on your phone".
 */
export const phi3: Family = {
  type: "phi3",
  architectures: ["Phi3ForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    config.only("lm_head_bias", false);
    const told = config.defaults({
      max_position_embeddings: 4096,
      original_max_position_embeddings: 4096,
      rms_norm_eps: 1e-5,
    });
    return llamaSpec(told, { bias: false, ...slidingWindow(told) });
  },
  config(spec) {
    const decoder = decoderOf("phi3", spec);
    const { attention, position, context } = decoder;
    partOf("phi3", "attention", attention, "multi-head", dividedWidth(decoder));
    const scaling = position["scaling"] as { kind: string; context?: number } | undefined;
    if (scaling !== undefined && scaling.kind !== "long-rope")
      throw cannot("phi3", "position.scaling.kind", scaling.kind, '"long-rope", or no scaling');
    const { fraction } = position as { fraction?: number };
    return {
      ...llamaConfig("phi3", decoder, { fraction: [fraction] }),
      ...slidingConfig("phi3", decoder),
      original_max_position_embeddings: scaling?.context ?? context,
    };
  },
  names: () => [
    ...llamaNames.filter(({ ours }) => !/attention\.(query|key|value)\.|feedForward\.(gate|up)\./.test(String(ours))),
    ...joinedProjections,
  ],
  repeated: tiedLlama,
};

const at = "model.layers.{layer}";
const joinedProjections: readonly NameRule[] = [
  {
    ours: ["query", "key", "value"].map((name) => `blocks.{layer}.attention.${name}.weight`),
    theirs: `${at}.self_attn.qkv_proj.weight`,
    layout: joined,
  },
  {
    ours: ["gate", "up"].map((name) => `blocks.{layer}.feedForward.${name}.weight`),
    theirs: `${at}.mlp.gate_up_proj.weight`,
    layout: joined,
  },
];
