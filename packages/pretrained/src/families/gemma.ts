import type { DecoderSpec, Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { windowsConfig, windowsOf } from "../config/layer-windows.ts";
import { ropeConfig, rotaryOf } from "../config/rope.ts";
import { renamed, type NameRule } from "../names/name-rule.ts";
import { cannot, decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaNames, tiedOutput } from "./llama.ts";

/**
 * Gemma: Llama with scaled embeddings, norms whose weight is what is added to 1, and GeGLU.
 *
 * Gemma team 2024, "Gemma: Open models based on Gemini research and technology".
 */
export const gemma: Family = {
  type: "gemma",
  architectures: ["GemmaForCausalLM"],
  base: "model.",
  spec(config) {
    // The first checkpoints name the wrong form in hidden_act; hidden_activation, where it stands, is right.
    const act = config.has("hidden_activation") ? "hidden_activation" : "hidden_act";
    return { ...gemmaSpec(config, act, {}), residual: { kind: "pre-norm" } };
  },
  config(spec) {
    const decoder = decoderOf("gemma", spec);
    partOf("gemma", "residual", decoder.residual, "pre-norm", { finalNorm: [true, undefined] });
    partOf("gemma", "attention", decoder.attention, "multi-head", {
      windows: [undefined],
      scale: [undefined],
      softCap: [undefined],
      headNorm: [undefined, false],
    });
    if (decoder.logits !== undefined) throw cannot("gemma", "logits", decoder.logits, "nothing");
    const { hidden_activation, ...config } = gemmaConfig("gemma", decoder);
    return { ...config, hidden_act: hidden_activation! };
  },
  names: () => [...llamaNames, ...scaledTable],
  repeated: tiedOutput,
};

/**
 * Gemma 2: norms before and after each sublayer, capped scores and logits, every other layer looks back only so far.
 *
 * Gemma team 2024, "Gemma 2: Improving open language models at a practical size".
 */
export const gemma2: Family = {
  type: "gemma2",
  architectures: ["Gemma2ForCausalLM"],
  base: "model.",
  spec: (config) => ({
    ...gemmaSpec(config, "hidden_activation", {
      ...scaleAndCap(config),
      ...optional(
        "windows",
        windowsOf(config, (layer) => layer % 2 === 0),
      ),
    }),
    ...logitsOf(config),
  }),
  config(spec) {
    const { position, attention } = decoderOf("gemma2", spec);
    partOf("gemma2", "position", position, "rotary", { local: [undefined] });
    partOf("gemma2", "attention", attention, "multi-head", { headNorm: [undefined, false] });
    return sandwiched("gemma2", spec);
  },
  names: () => [...sandwichNames, ...scaledTable],
  repeated: tiedOutput,
};

/**
 * Gemma 3, the text model: queries and keys normalised head by head, five layers that look back only so far to one that sees everything, with a rotary base
 * of its own.
 *
 * Gemma team 2025, "Gemma 3 technical report".
 */
export const gemma3: Family = {
  type: "gemma3_text",
  architectures: ["Gemma3ForCausalLM"],
  base: "model.",
  spec(config) {
    const every = config.size("sliding_window_pattern", config.size("_sliding_window_pattern", 6));
    const windows = windowsOf(config, (layer) => (layer + 1) % every !== 0);
    const attention = { headNorm: true, ...scaleAndCap(config), ...optional("windows", windows) };
    return {
      ...gemmaSpec(config, "hidden_activation", attention),
      position: localGlobal(config, windows),
      ...logitsOf(config),
    };
  },
  config(spec) {
    const { attention, position } = decoderOf("gemma3_text", spec);
    partOf("gemma3_text", "attention", attention, "multi-head", { headNorm: [true] });
    const { local, ...global } = position as typeof position & { local?: { base: number; every: number } };
    const windows = (attention["windows"] as (number | null)[] | undefined) ?? [null];
    if (
      local === undefined ||
      windows.length !== local.every ||
      windows.some((window, layer) => (window === null) !== (layer === local.every - 1))
    )
      throw cannot(
        "gemma3_text",
        "attention.windows",
        windows,
        "windows for all layers but every so many, which position.local tells",
      );
    const { rope_parameters, rope_scaling, rope_theta } = ropeConfig(global);
    const theta = { rope_type: "default", rope_theta: local.base };
    return {
      ...sandwiched("gemma3_text", spec),
      rope_theta: rope_theta!,
      rope_local_base_freq: local.base,
      rope_scaling: rope_scaling ?? null,
      rope_parameters: { full_attention: rope_parameters!, sliding_attention: theta },
    };
  },
  names: () => [...sandwichNames, ...scaledTable],
  repeated: tiedOutput,
};

function gemmaSpec(config: Config, activation: string, attention: Readonly<Record<string, Json>>): DecoderSpec {
  config.only("use_bidirectional_attention", false);
  const heads = config.size("num_attention_heads");
  return {
    version: 1,
    kind: "decoder",
    vocabulary: config.size("vocab_size"),
    context: config.size("max_position_embeddings", 8192),
    width: config.size("hidden_size"),
    layers: config.layers("num_hidden_layers"),
    position: config.text("model_type") === "gemma3_text" ? { kind: "rotary" } : rotaryOf(config),
    attention: {
      kind: "multi-head",
      heads,
      keyValueHeads: config.size("num_key_value_heads", heads),
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
    residual: { kind: "sandwich-norm" },
    dropout: 0,
    tokens: { scaled: true },
    tied: config.flag("tie_word_embeddings", true),
  };
}

const optional = (name: string, value: Json | undefined): Readonly<Record<string, Json>> =>
  value === undefined ? {} : { [name]: value };

function scaleAndCap(config: Config): Readonly<Record<string, Json>> {
  const cap = config.has("attn_logit_softcapping") ? config.number("attn_logit_softcapping") : undefined;
  return { scale: config.number("query_pre_attn_scalar", 256) ** -0.5, ...optional("softCap", cap) };
}

function logitsOf(config: Config): Pick<DecoderSpec, "logits"> {
  return config.has("final_logit_softcapping") ? { logits: { softCap: config.number("final_logit_softcapping") } } : {};
}

function localGlobal(config: Config, windows: readonly (number | null)[] | undefined): DecoderSpec["position"] {
  const told = config.has("rope_parameters") ? config.within("rope_parameters") : undefined;
  const global = rotaryOf(
    told === undefined ? config : config.with({ rope_parameters: told.within("full_attention").values }),
    { base: 1e6 },
  );
  if (windows === undefined) return global;
  const every = windows.length;
  if (windows.some((window, layer) => (window === null) !== (layer === every - 1)))
    throw config.problem(
      "layer_types",
      "sliding layers and one full one in turn, the order in which Tenon gives them bases of their own",
    );
  const base =
    told === undefined
      ? config.number("rope_local_base_freq", 10000)
      : told.within("sliding_attention").number("rope_theta");
  return { ...global, local: { base, every } };
}

function gemmaConfig(family: string, spec: Spec): Readonly<Record<string, Json>> {
  const { attention, feedForward, norm, position, vocabulary, context, width, layers, tied, tokens } = decoderOf(
    family,
    spec,
  );
  partOf(family, "position", position, "rotary", { layout: ["half-split", undefined], fraction: [1, undefined] });
  partOf(family, "attention", attention, "multi-head", {
    gate: [undefined],
    sinks: [undefined, false],
    bias: [true, false],
  });
  partOf(family, "feedForward", feedForward, "gated-mlp", { bias: [false, undefined] });
  partOf(family, "norm", norm, "rms-norm", { unitOffset: [true] });
  if (tokens?.scaled !== true) throw cannot(family, "tokens.scaled", tokens?.scaled, "true");
  const heads = attention["heads"] as number;
  return {
    vocab_size: vocabulary,
    max_position_embeddings: context,
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
    ...ropeConfig(position),
  };
}

function sandwiched(family: string, spec: Spec): Readonly<Record<string, Json>> {
  const decoder = decoderOf(family, spec);
  const { attention, logits, layers } = decoder;
  partOf(family, "residual", decoder.residual, "sandwich-norm", { finalNorm: [true, undefined] });
  if (logits?.bias !== undefined || logits?.scale !== undefined)
    throw cannot(family, "logits", logits, "a softCap or nothing");
  const windows = windowsConfig(attention["windows"], layers);
  if (windows === undefined) throw cannot(family, "attention.windows", attention["windows"], "windows of one width");
  const scale =
    (attention["scale"] as number | undefined) ??
    ((attention["headWidth"] as number | undefined) ?? decoder.width / (attention["heads"] as number)) ** -0.5;
  return {
    ...gemmaConfig(family, spec),
    ...windows,
    query_pre_attn_scalar: whole(scale ** -2),
    attn_logit_softcapping: attention["softCap"] ?? null,
    final_logit_softcapping: logits?.softCap ?? null,
  };
}

/** A number that a power has brought a few bits away from the whole one that it was. */
const whole = (value: number): number =>
  Math.abs(value - Math.round(value)) < 1e-9 * value ? Math.round(value) : value;

const scaledTable = renamed({ "embedding.tokens.tokens.table": "model.embed_tokens.weight" });
const layer = "model.layers.{layer}";
const sandwichNames: readonly NameRule[] = [
  ...llamaNames,
  ...renamed({
    "blocks.{layer}.attentionResidual.before.weight": `${layer}.input_layernorm.weight`,
    "blocks.{layer}.attentionResidual.after.weight": `${layer}.post_attention_layernorm.weight`,
    "blocks.{layer}.feedForwardResidual.before.weight": `${layer}.pre_feedforward_layernorm.weight`,
    "blocks.{layer}.feedForwardResidual.after.weight": `${layer}.post_feedforward_layernorm.weight`,
  }),
];
