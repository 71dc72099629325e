import type { DecoderSpec } from "@tenon/models";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import { ropeConfig } from "../config/rope-config.ts";
import { contextOf, rotaryOf } from "../config/rope.ts";
import { joinedByHead } from "../names/layout.ts";
import { renamed } from "../names/name-rule.ts";
import { decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { attentionOf, dividedWidth, ownKeys, plainEnds, tiedOutput } from "./plain-decoder.ts";

/**
 * GPT-NeoX and Pythia: attention and feed-forward part side by side, each with a norm of its own, and rotary positions for a part of each head.
 *
 * Black et al. 2022, "GPT-NeoX-20B: An open-source autoregressive language model".
 */
export const gptNeoX: Family = {
  type: "gpt_neox",
  architectures: ["GPTNeoXForCausalLM"],
  base: "gpt_neox.",
  computed: [/\.attention\.(masked_)?bias$/, /\.rotary_emb\.inv_freq$/],
  spec(config): DecoderSpec {
    const fraction = config.number("rotary_pct", 0.25);
    const base = config.number("rotary_emb_base", 10000);
    return {
      version: 1,
      kind: "decoder",
      vocabulary: config.size("vocab_size"),
      context: contextOf(config, 2048),
      width: config.size("hidden_size"),
      layers: config.layers("num_hidden_layers"),
      position: rotaryOf(config, { fraction, base }),
      attention: {
        kind: "multi-head",
        heads: config.size("num_attention_heads"),
        bias: config.flag("attention_bias", true),
      },
      feedForward: {
        kind: "mlp",
        hidden: config.size("intermediate_size"),
        activation: config.choice("hidden_act", activationNames, "gelu"),
      },
      norm: { kind: "layer-norm", epsilon: config.number("layer_norm_eps", 1e-5) },
      residual: config.flag("use_parallel_residual", true) ? { kind: "parallel", norms: 2 } : { kind: "pre-norm" },
      dropout: 0,
      tied: config.flag("tie_word_embeddings", false),
    };
  },
  config(spec) {
    const decoder = decoderOf("gpt_neox", spec);
    const { attention, feedForward, vocabulary, width, layers, norm, position, residual, tied } = decoder;
    partOf("gpt_neox", "position", position, "rotary", { layout: ["half-split", undefined], local: [undefined] });
    attentionOf("gpt_neox", decoder, { bias: [true, false], ...ownKeys(decoder), ...dividedWidth(decoder) });
    partOf("gpt_neox", "feedForward", feedForward, "mlp", { bias: [true, undefined] });
    partOf("gpt_neox", "norm", norm, "layer-norm", { bias: [true, undefined] });
    const [kind, norms] =
      residual.kind === "pre-norm" ? (["pre-norm", undefined] as const) : (["parallel", 2] as const);
    partOf("gpt_neox", "residual", residual, kind, { norms: [norms], finalNorm: [true, undefined] });
    plainEnds("gpt_neox", decoder);
    const rope = ropeConfig("gpt_neox", position, decoder.context);
    return {
      vocab_size: vocabulary,
      hidden_size: width,
      num_hidden_layers: layers,
      num_attention_heads: attention["heads"]!,
      attention_bias: attention["bias"]!,
      intermediate_size: feedForward["hidden"]!,
      hidden_act: nameOfActivation("gpt_neox", feedForward["activation"] as string),
      layer_norm_eps: norm["epsilon"]!,
      use_parallel_residual: residual.kind === "parallel",
      tie_word_embeddings: tied,
      ...rope,
      rotary_pct: rope["partial_rotary_factor"] ?? 1,
      rotary_emb_base: rope["rope_theta"]!,
    };
  },
  names: (spec) => [
    ...["weight", "bias"].map((name) => ({
      ours: ["query", "key", "value"].map((part) => `blocks.{layer}.attention.${part}.${name}`),
      theirs: `${at}.attention.query_key_value.${name}`,
      layout: joinedByHead(decoderOf("gpt_neox", spec).attention["heads"] as number),
    })),
    ...renamed({
      "embedding.tokens.table": "gpt_neox.embed_in.weight",
      "blocks.{layer}.attention.output.weight": `${at}.attention.dense.weight`,
      "blocks.{layer}.attention.output.bias": `${at}.attention.dense.bias`,
      "blocks.{layer}.residual.norm.weight": `${at}.input_layernorm.weight`,
      "blocks.{layer}.residual.norm.bias": `${at}.input_layernorm.bias`,
      "blocks.{layer}.feedForwardNorm.weight": `${at}.post_attention_layernorm.weight`,
      "blocks.{layer}.feedForwardNorm.bias": `${at}.post_attention_layernorm.bias`,
      "blocks.{layer}.attentionResidual.norm.weight": `${at}.input_layernorm.weight`,
      "blocks.{layer}.attentionResidual.norm.bias": `${at}.input_layernorm.bias`,
      "blocks.{layer}.feedForwardResidual.norm.weight": `${at}.post_attention_layernorm.weight`,
      "blocks.{layer}.feedForwardResidual.norm.bias": `${at}.post_attention_layernorm.bias`,
      "blocks.{layer}.feedForward.up.weight": `${at}.mlp.dense_h_to_4h.weight`,
      "blocks.{layer}.feedForward.up.bias": `${at}.mlp.dense_h_to_4h.bias`,
      "blocks.{layer}.feedForward.down.weight": `${at}.mlp.dense_4h_to_h.weight`,
      "blocks.{layer}.feedForward.down.bias": `${at}.mlp.dense_4h_to_h.bias`,
      "norm.weight": "gpt_neox.final_layer_norm.weight",
      "norm.bias": "gpt_neox.final_layer_norm.bias",
      "output.weight": "embed_out.weight",
    }),
  ],
  repeated: tiedOutput("embed_out.weight", "gpt_neox.embed_in.weight"),
};

const at = "gpt_neox.layers.{layer}";
