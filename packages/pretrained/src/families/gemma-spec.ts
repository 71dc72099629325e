// What the generations of Gemma have in common: specs, keys of config.json, names.
import type { DecoderSpec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { windowsConfig } from "../config/layer-windows.ts";
import { ropeConfig } from "../config/rope-config.ts";
import { contextOf, rotaryOf } from "../config/rope.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { cannot, partOf } from "./expressible.ts";
import { llamaNames } from "./llama.ts";
import { attentionOf, plainEnds } from "./plain-decoder.ts";

type Options = Readonly<Record<string, Json>>;

/** The spec of the first Gemma; `activation` is the name of the activation, `attention` what a later one has of its own. */
export function gemmaSpec(config: Config, activation: string, attention: Options = {}): DecoderSpec {
  config.only("use_bidirectional_attention", false);
  return {
    version: 1,
    kind: "decoder",
    vocabulary: config.size("vocab_size"),
    context: contextOf(config, 8192),
    width: config.size("hidden_size"),
    layers: config.layers("num_hidden_layers"),
    position: rotaryOf(config),
    attention: {
      kind: "multi-head",
      heads: config.size("num_attention_heads"),
      keyValueHeads: config.size("num_key_value_heads"),
      headWidth: config.size("head_dim", 256),
      bias: config.flag("attention_bias", false),
      ...attention,
    },
    feedForward: {
      kind: "gated-mlp",
      hidden: config.size("intermediate_size"),
      activation: config.choice(activation, activationNames, "gelu_pytorch_tanh"),
    },
    norm: { kind: "rms-norm", epsilon: config.number("rms_norm_eps", 1e-6), unitOffset: true },
    residual: { kind: "pre-norm" },
    dropout: 0,
    tokens: { scaled: true },
    tied: config.flag("tie_word_embeddings", true),
  };
}

/** The same since Gemma 2: norms before and after each sublayer, a scale of the scores that is told, caps of scores and logits, windows. */
export function sandwichSpec(config: Config, windows: readonly (number | null)[] | undefined): DecoderSpec {
  const [scores, logits] = ["attn_logit_softcapping", "final_logit_softcapping"].map((key) =>
    config.has(key) ? config.number(key) : undefined,
  );
  return {
    ...gemmaSpec(config, "hidden_activation", {
      scale: config.number("query_pre_attn_scalar", 256) ** -0.5,
      ...(scores !== undefined && { softCap: scores }),
      ...(windows !== undefined && { windows }),
    }),
    residual: { kind: "sandwich-norm" },
    ...(logits !== undefined && { logits: { softCap: logits } }),
  };
}

/** The keys of config.json that all generations share. Throws `ConfigError` for a spec that is none of theirs. */
export function gemmaConfig(family: string, spec: DecoderSpec): Options {
  const { attention, feedForward, norm, position, vocabulary, context, width, layers, tied, tokens } = spec;
  partOf(family, "position", position, "rotary", { layout: ["half-split", undefined], fraction: [1, undefined] });
  partOf(family, "attention", attention, "multi-head", { bias: [true, false] });
  partOf(family, "feedForward", feedForward, "gated-mlp", { bias: [false, undefined] });
  partOf(family, "norm", norm, "rms-norm", { unitOffset: [true] });
  if (tokens?.scaled !== true) throw cannot(family, "tokens.scaled", tokens?.scaled, "true");
  if (tokens.width !== undefined && tokens.width !== width)
    throw cannot(family, "tokens.width", tokens.width, "that of the stream");
  const heads = attention["heads"] as number;
  return {
    vocab_size: vocabulary,
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: attention["keyValueHeads"] ?? heads,
    head_dim: attention["headWidth"] ?? width / heads,
    attention_bias: attention["bias"]!,
    intermediate_size: feedForward["hidden"]!,
    hidden_activation: nameOfActivation(family, feedForward["activation"] as string),
    rms_norm_eps: norm["epsilon"]!,
    tie_word_embeddings: tied,
    ...ropeConfig(family, position, context),
  };
}

/** The same since Gemma 2; `headNorm` says whether queries and keys are normalised. */
export function sandwichConfig(family: string, spec: DecoderSpec, headNorm: readonly (boolean | undefined)[]): Options {
  const { attention, logits, layers, width } = spec;
  partOf(family, "residual", spec.residual, "sandwich-norm", { finalNorm: [true, undefined] });
  attentionOf(family, spec, { bias: [true, false], headNorm, ...anyOf("scale", "softCap", "windows") });
  const { softCap = null, ...others } = logits ?? {};
  plainEnds(family, Object.keys(others).length === 0 ? {} : { logits });
  const windows = windowsConfig(attention["windows"], layers);
  if (windows === undefined) throw cannot(family, "attention.windows", attention["windows"], "windows of one width");
  const { sliding_window, layer_types } = windows;
  const headWidth = (attention["headWidth"] as number | undefined) ?? width / (attention["heads"] as number);
  const scale = (attention["scale"] as number | undefined) ?? headWidth ** -0.5;
  return {
    ...gemmaConfig(family, spec),
    layer_types,
    // transformers asks for a window even where no layer has one.
    sliding_window: sliding_window ?? 4096,
    query_pre_attn_scalar: whole(scale ** -2),
    attn_logit_softcapping: attention["softCap"] ?? null,
    final_logit_softcapping: softCap,
  };
}

const anyOf = (...names: readonly string[]): Readonly<Record<string, undefined>> =>
  Object.fromEntries(names.map((name) => [name, undefined]));

/** A number that a power has brought a few bits away from the whole one that it was. */
const whole = (value: number): number =>
  Math.abs(value - Math.round(value)) < 1e-9 * value ? Math.round(value) : value;

const layer = "model.layers.{layer}";
export const gemmaNames: readonly NameRule[] = [
  ...llamaNames,
  ...renamed({ "embedding.tokens.tokens.table": "model.embed_tokens.weight" }),
];
export const sandwichNames: readonly NameRule[] = [
  ...gemmaNames,
  ...renamed({
    "blocks.{layer}.attentionResidual.before.weight": `${layer}.input_layernorm.weight`,
    "blocks.{layer}.attentionResidual.after.weight": `${layer}.post_attention_layernorm.weight`,
    "blocks.{layer}.feedForwardResidual.before.weight": `${layer}.pre_feedforward_layernorm.weight`,
    "blocks.{layer}.feedForwardResidual.after.weight": `${layer}.post_feedforward_layernorm.weight`,
  }),
];
