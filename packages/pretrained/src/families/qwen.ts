import type { Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import { windowsConfig, windowsOf } from "../config/layer-windows.ts";
import { cannot, decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaConfig, llamaNames, llamaSpec, tiedOutput } from "./llama.ts";

/**
 * Qwen 2 and 2.5: Llama with biases on queries, keys and values, whose upper layers may look back only so far.
 *
 * Yang et al. 2024, "Qwen2 technical report".
 */
export const qwen2: Family = {
  type: "qwen2",
  architectures: ["Qwen2ForCausalLM"],
  base: "model.",
  computed: [/\.rotary_emb\.inv_freq$/],
  spec: (config) => llamaSpec(config, { bias: "input", ...upperWindows(config) }),
  config(spec) {
    partOf("qwen2", "attention", decoderOf("qwen2", spec).attention, "multi-head", {
      bias: ["input"],
      headNorm: [undefined, false],
    });
    return { ...llamaConfig("qwen2", spec), ...upperConfig("qwen2", spec) };
  },
  names: () => llamaNames,
  repeated: tiedOutput,
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
  spec: (config) =>
    llamaSpec(config, {
      headWidth: config.size("head_dim", 128),
      headNorm: true,
      bias: config.flag("attention_bias", false),
      ...upperWindows(config),
    }),
  config(spec) {
    const { attention } = decoderOf("qwen3", spec);
    partOf("qwen3", "attention", attention, "multi-head", { bias: [true, false], headNorm: [true] });
    return { ...llamaConfig("qwen3", spec), ...upperConfig("qwen3", spec), attention_bias: attention["bias"]! };
  },
  names: () => llamaNames,
  repeated: tiedOutput,
};

function upperWindows(config: Config): Readonly<Record<string, Json>> {
  if (!config.flag("use_sliding_window", false)) return {};
  const lower = config.count("max_window_layers", 28);
  const windows = windowsOf(config, (layer) => layer >= lower);
  return windows === undefined ? {} : { windows };
}

function upperConfig(family: string, spec: Spec): Readonly<Record<string, Json>> {
  const { attention, layers } = decoderOf(family, spec);
  const { windows } = attention;
  const config = windowsConfig(windows, layers);
  if (config === undefined) throw cannot(family, "attention.windows", windows, "windows of one width");
  const first = config.layer_types.indexOf("sliding_attention");
  return first < 0 ? { use_sliding_window: false } : { ...config, use_sliding_window: true, max_window_layers: first };
}
