import type { DecoderSpec } from "@tenon/models";

import { activationNames, nameOfActivation } from "../config/activations.ts";
import type { Config } from "../config/config.ts";
import { renamed } from "../names/name-rule.ts";
import { cannot, decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { attentionOf, dividedWidth, ownKeys, plainEnds, tiedOutput } from "./plain-decoder.ts";

/**
 * GPT-Neo, the open replica of GPT-3's layout: dense layers and layers that look back only so far take turns. Its scores are not scaled.
 *
 * Brown et al. 2020, "Language models are few-shot learners"; Black et al. 2021, "GPT-Neo: Large scale autoregressive language modeling with Mesh-TensorFlow".
 */
export const gptNeo: Family = {
  type: "gpt_neo",
  architectures: ["GPTNeoForCausalLM"],
  base: "transformer.",
  computed: [/\.attn\.attention\.(masked_)?bias$/],
  spec(config): DecoderSpec {
    const width = config.size("hidden_size");
    const layers = config.layers("num_layers");
    const kinds = kindsOf(config, layers);
    const window = config.size("window_size", 256);
    return {
      version: 1,
      kind: "decoder",
      vocabulary: config.size("vocab_size"),
      context: config.size("max_position_embeddings", 2048),
      width,
      layers,
      position: { kind: "learned" },
      attention: {
        kind: "multi-head",
        heads: config.size("num_heads"),
        bias: "output",
        scale: 1,
        windows: kinds.map((kind) => (kind === "local" ? window : null)),
      },
      feedForward: {
        kind: "mlp",
        hidden: config.size("intermediate_size", 4 * width),
        activation: config.choice("activation_function", activationNames, "gelu_new"),
      },
      norm: { kind: "layer-norm", epsilon: config.number("layer_norm_epsilon", 1e-5) },
      residual: { kind: "pre-norm" },
      dropout: 0,
      tied: config.flag("tie_word_embeddings", true),
    };
  },
  config(spec) {
    const decoder = decoderOf("gpt_neo", spec);
    const { attention, feedForward, vocabulary, context, width, layers, norm, position, residual, tied } = decoder;
    partOf("gpt_neo", "position", position, "learned", { reserved: [undefined, 0] });
    attentionOf("gpt_neo", decoder, {
      bias: ["output"],
      scale: [1],
      ...ownKeys(decoder),
      ...dividedWidth(decoder),
      windows: undefined,
    });
    partOf("gpt_neo", "feedForward", feedForward, "mlp", { bias: [true, undefined] });
    partOf("gpt_neo", "norm", norm, "layer-norm", { bias: [true, undefined] });
    partOf("gpt_neo", "residual", residual, "pre-norm", { finalNorm: [true, undefined] });
    plainEnds("gpt_neo", decoder);
    const windows = (attention["windows"] as (number | null)[] | undefined) ?? [null];
    const sizes = new Set(windows.filter((window) => window !== null));
    if (sizes.size > 1) throw cannot("gpt_neo", "attention.windows", windows, "windows of one width");
    const kinds = Array.from({ length: layers }, (_, layer) =>
      windows[layer % windows.length] === null ? "global" : "local",
    );
    const hidden = feedForward["hidden"] as number;
    return {
      vocab_size: vocabulary,
      max_position_embeddings: context,
      hidden_size: width,
      num_layers: layers,
      num_heads: attention["heads"]!,
      attention_layers: kinds,
      attention_types: runs(kinds),
      window_size: [...sizes][0] ?? 256,
      intermediate_size: hidden === 4 * width ? null : hidden,
      activation_function: nameOfActivation("gpt_neo", feedForward["activation"] as string, "gelu_new"),
      layer_norm_epsilon: norm["epsilon"]!,
      tie_word_embeddings: tied,
    };
  },
  names: () =>
    renamed({
      "embedding.tokens.table": "transformer.wte.weight",
      "embedding.position.table": "transformer.wpe.weight",
      "blocks.{layer}.attention.query.weight": `${at}.attn.attention.q_proj.weight`,
      "blocks.{layer}.attention.key.weight": `${at}.attn.attention.k_proj.weight`,
      "blocks.{layer}.attention.value.weight": `${at}.attn.attention.v_proj.weight`,
      "blocks.{layer}.attention.output.weight": `${at}.attn.attention.out_proj.weight`,
      "blocks.{layer}.attention.output.bias": `${at}.attn.attention.out_proj.bias`,
      "blocks.{layer}.attentionResidual.norm.weight": `${at}.ln_1.weight`,
      "blocks.{layer}.attentionResidual.norm.bias": `${at}.ln_1.bias`,
      "blocks.{layer}.feedForward.up.weight": `${at}.mlp.c_fc.weight`,
      "blocks.{layer}.feedForward.up.bias": `${at}.mlp.c_fc.bias`,
      "blocks.{layer}.feedForward.down.weight": `${at}.mlp.c_proj.weight`,
      "blocks.{layer}.feedForward.down.bias": `${at}.mlp.c_proj.bias`,
      "blocks.{layer}.feedForwardResidual.norm.weight": `${at}.ln_2.weight`,
      "blocks.{layer}.feedForwardResidual.norm.bias": `${at}.ln_2.bias`,
      "norm.weight": "transformer.ln_f.weight",
      "norm.bias": "transformer.ln_f.bias",
      "output.weight": "lm_head.weight",
    }),
  repeated: tiedOutput("lm_head.weight", "transformer.wte.weight"),
};

const at = "transformer.h.{layer}";

/** Which layers see everything and which only so far: `attention_layers`, or, where it is not told, `attention_types`, runs with how often they come. */
function kindsOf(config: Config, layers: number): readonly string[] {
  if (config.has("attention_layers")) {
    const kinds = config.list("attention_layers", '"global" or "local" for each layer', isKind);
    if (kinds.length === layers) return kinds;
    throw config.problem("attention_layers", `${layers} names, one for each layer`);
  }
  const told = config.defaults({ attention_types: [[["global", "local"], 12]] });
  const runs = told.list("attention_types", 'runs of "global" or "local", each with how often it comes', isRun);
  // Counted before they are made: a number in a config may be absurd.
  if (runs.reduce((sum, [kinds, times]) => sum + kinds.length * times, 0) !== layers)
    throw told.problem("attention_types", `${layers} names, one for each layer`);
  return runs.flatMap(([kinds, times]) => Array.from({ length: times }, () => kinds).flat());
}

const isKind = (value: unknown): value is string => value === "global" || value === "local";
function isRun(value: unknown): value is readonly [kinds: readonly string[], times: number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [kinds, times] = value as [unknown, unknown];
  return (
    Array.isArray(kinds) &&
    kinds.length > 0 &&
    kinds.every(isKind) &&
    Number.isSafeInteger(times) &&
    (times as number) > 0
  );
}

/** The layers as `attention_types` says them: a pattern, and how often it comes. */
function runs(kinds: readonly string[]): [string[], number][] {
  for (let period = 1; period <= kinds.length / 2; period++)
    if (kinds.length % period === 0 && kinds.every((kind, layer) => kind === kinds[layer % period]))
      return [[kinds.slice(0, period), kinds.length / period]];
  return [[[...kinds], 1]];
}
