import type { DecoderSpec } from "@tenon/models";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import { renamed } from "../names/name-rule.ts";
import { cannot, decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { attentionOf, biasedEnds, dividedWidth, ownKeys } from "./plain-decoder.ts";

/**
 * GPT-J: attention and feed-forward part side by side behind one norm, rotary positions in neighbouring pairs for a part of each head, a bias on the logits.
 *
 * Wang and Komatsuzaki 2021, "GPT-J-6B: A 6 billion parameter autoregressive language model".
 */
export const gptj: Family = {
  type: "gptj",
  architectures: ["GPTJForCausalLM"],
  base: "transformer.",
  computed: [/\.attn\.(masked_)?bias$/, /\.attn\.embed_positions$/],
  spec(config): DecoderSpec {
    const width = config.size("n_embd");
    const heads = config.size("n_head");
    config.only("tie_word_embeddings", false);
    return {
      version: 1,
      kind: "decoder",
      vocabulary: config.size("vocab_size"),
      context: config.size("n_positions", 2048),
      width,
      layers: config.layers("n_layer"),
      position: { kind: "rotary", layout: "interleaved", fraction: config.size("rotary_dim", 64) / (width / heads) },
      attention: { kind: "multi-head", heads, bias: false },
      feedForward: {
        kind: "mlp",
        hidden: config.size("n_inner", 4 * width),
        activation: config.choice("activation_function", activationNames, "gelu_new"),
      },
      norm: { kind: "layer-norm", epsilon: config.number("layer_norm_epsilon", 1e-5) },
      residual: { kind: "parallel", norms: 1 },
      dropout: 0,
      tied: false,
      logits: { bias: true },
    };
  },
  config(spec) {
    const decoder = decoderOf("gptj", spec);
    const { attention, feedForward, vocabulary, context, width, layers, norm, position, residual, tied } = decoder;
    partOf("gptj", "position", position, "rotary", {
      layout: ["interleaved"],
      base: [10000, undefined],
      scaling: [undefined],
      local: [undefined],
    });
    attentionOf("gptj", decoder, { bias: [false], ...ownKeys(decoder), ...dividedWidth(decoder) });
    partOf("gptj", "feedForward", feedForward, "mlp", { bias: [true, undefined] });
    partOf("gptj", "norm", norm, "layer-norm", { bias: [true, undefined] });
    partOf("gptj", "residual", residual, "parallel", { norms: [1, undefined], finalNorm: [true, undefined] });
    if (tied) throw cannot("gptj", "tied", tied, "false");
    biasedEnds("gptj", decoder);
    const hidden = feedForward["hidden"] as number;
    const heads = attention["heads"] as number;
    return {
      vocab_size: vocabulary,
      n_positions: context,
      n_embd: width,
      n_layer: layers,
      n_head: heads,
      n_inner: hidden === 4 * width ? null : hidden,
      rotary_dim: Math.round((((position["fraction"] as number | undefined) ?? 1) * width) / heads),
      activation_function: nameOfActivation("gptj", feedForward["activation"] as string, "gelu_new"),
      layer_norm_epsilon: norm["epsilon"]!,
      tie_word_embeddings: false,
    };
  },
  names: () =>
    renamed({
      "embedding.tokens.table": "transformer.wte.weight",
      "blocks.{layer}.residual.norm.weight": `${at}.ln_1.weight`,
      "blocks.{layer}.residual.norm.bias": `${at}.ln_1.bias`,
      "blocks.{layer}.attention.query.weight": `${at}.attn.q_proj.weight`,
      "blocks.{layer}.attention.key.weight": `${at}.attn.k_proj.weight`,
      "blocks.{layer}.attention.value.weight": `${at}.attn.v_proj.weight`,
      "blocks.{layer}.attention.output.weight": `${at}.attn.out_proj.weight`,
      "blocks.{layer}.feedForward.up.weight": `${at}.mlp.fc_in.weight`,
      "blocks.{layer}.feedForward.up.bias": `${at}.mlp.fc_in.bias`,
      "blocks.{layer}.feedForward.down.weight": `${at}.mlp.fc_out.weight`,
      "blocks.{layer}.feedForward.down.bias": `${at}.mlp.fc_out.bias`,
      "norm.weight": "transformer.ln_f.weight",
      "norm.bias": "transformer.ln_f.bias",
      "output.weight": "lm_head.weight",
      "output.bias": "lm_head.bias",
    }),
};

const at = "transformer.h.{layer}";
