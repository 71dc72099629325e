import type { DecoderSpec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import { windowsConfig, windowsOf } from "../config/layer-windows.ts";
import { cannot, decoderOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaConfig, llamaNames, llamaSpec, rotaryTables, tiedLlama } from "./llama.ts";
import { attentionOf } from "./plain-decoder.ts";

/**
 * Qwen 2 and 2.5: Llama with biases on queries, keys and values, whose upper layers may look back only so far.
 *
 * Yang et al. 2024, "Qwen2 technical report".
 */
export const qwen2: Family = {
  type: "qwen2",
  architectures: ["Qwen2ForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    config.only("use_mrope", false);
    const told = config.defaults(defaults);
    return llamaSpec(told, { bias: "input", ...upperWindows(told) });
  },
  config(spec) {
    const decoder = decoderOf("qwen2", spec);
    attentionOf("qwen2", decoder, { bias: ["input"], windows: undefined });
    return { ...llamaConfig("qwen2", decoder), ...upperConfig("qwen2", decoder) };
  },
  names: () => llamaNames,
  repeated: tiedLlama,
};

/**
 * Qwen 3: Llama whose queries and keys are normalised head by head.
 *
 * Yang et al. 2025, "Qwen3 technical report".
 */
export const qwen3: Family = {
  type: "qwen3",
  architectures: ["Qwen3ForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    const told = config.defaults({ ...defaults, head_dim: 128 });
    const bias = told.flag("attention_bias", false);
    return llamaSpec(told, { headNorm: true, bias, ...upperWindows(told) });
  },
  config(spec) {
    const decoder = decoderOf("qwen3", spec);
    const { attention, width } = decoder;
    attentionOf("qwen3", decoder, { bias: [true, false], headNorm: [true], windows: undefined });
    return {
      ...llamaConfig("qwen3", decoder),
      ...upperConfig("qwen3", decoder),
      attention_bias: attention["bias"]!,
      head_dim: attention["headWidth"] ?? width / (attention["heads"] as number),
    };
  },
  names: () => llamaNames,
  repeated: tiedLlama,
};

const defaults = { max_position_embeddings: 32768, num_key_value_heads: 32, sliding_window: 4096 };

function upperWindows(config: Config): Readonly<Record<string, Json>> {
  if (!config.flag("use_sliding_window", false)) {
    const types = config.values["layer_types"];
    if (Array.isArray(types) && types.includes("sliding_attention"))
      throw config.problem("layer_types", '"full_attention" alone while "use_sliding_window" is not true');
    return {};
  }
  const lower = config.count("max_window_layers", 28);
  const windows = windowsOf(config, (layer) => layer >= lower);
  return windows === undefined ? {} : { windows };
}

function upperConfig(family: string, { attention, layers }: DecoderSpec): Readonly<Record<string, Json>> {
  const { windows } = attention;
  const config = windowsConfig(windows, layers);
  if (config === undefined) throw cannot(family, "attention.windows", windows, "windows of one width");
  const first = config.layer_types.indexOf("sliding_attention");
  return first < 0 ? { use_sliding_window: false } : { ...config, use_sliding_window: true, max_window_layers: first };
}
