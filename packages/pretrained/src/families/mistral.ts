import type { DecoderSpec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import { cannot, decoderOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaConfig, llamaNames, llamaSpec, rotaryTables, tiedLlama } from "./llama.ts";
import { attentionOf } from "./plain-decoder.ts";

/**
 * Mistral 7B and its relatives: Llama whose layers may all look back only so far.
 *
 * Jiang et al. 2023, "Mistral 7B".
 */
export const mistral: Family = {
  type: "mistral",
  architectures: ["MistralForCausalLM"],
  base: "model.",
  computed: rotaryTables,
  spec(config) {
    const told = config.defaults({
      max_position_embeddings: 131072,
      num_key_value_heads: 8,
      sliding_window: 4096,
    });
    return llamaSpec(told, { bias: false, ...slidingWindow(told) });
  },
  config(spec) {
    const decoder = decoderOf("mistral", spec);
    return { ...llamaConfig("mistral", decoder), ...slidingConfig("mistral", decoder) };
  },
  names: () => llamaNames,
  repeated: tiedLlama,
};

/** The one window of all layers, as an option of a spec's attention. */
export function slidingWindow(config: Config): Readonly<Record<string, Json>> {
  return config.has("sliding_window") ? { windows: [config.size("sliding_window")] } : {};
}

/** The one window of all layers, as a key of config.json. Throws `ConfigError` for attention that has more to it. */
export function slidingConfig(family: string, spec: DecoderSpec): Readonly<Record<string, Json>> {
  attentionOf(family, spec, { bias: [false], windows: undefined });
  const { windows } = spec.attention;
  const [window = null, ...others] = (windows as (number | null)[] | undefined) ?? [];
  if (others.some((other) => other !== window))
    throw cannot(family, "attention.windows", windows, "one window for all layers, or none");
  return { sliding_window: window };
}
