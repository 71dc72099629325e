import type { Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import { cannot, decoderOf, partOf } from "./expressible.ts";
import type { Family } from "./family.ts";
import { llamaConfig, llamaNames, llamaSpec, tiedOutput } from "./llama.ts";

/**
 * Mistral 7B and its relatives: Llama whose layers may all look back only so far.
 *
 * Jiang et al. 2023, "Mistral 7B".
 */
export const mistral: Family = {
  type: "mistral",
  architectures: ["MistralForCausalLM"],
  base: "model.",
  computed: [/\.rotary_emb\.inv_freq$/],
  spec: (config) => llamaSpec(config, { bias: false, ...slidingWindow(config) }),
  config: (spec) => ({ ...llamaConfig("mistral", spec), ...slidingConfig("mistral", spec) }),
  names: () => llamaNames,
  repeated: tiedOutput,
};

/** The one window of all layers, as an option of a spec's attention. */
export function slidingWindow(config: Config): Readonly<Record<string, Json>> {
  return config.has("sliding_window") ? { windows: [config.size("sliding_window")] } : {};
}

/** The one window of all layers, as a key of config.json. */
export function slidingConfig(family: string, spec: Spec): Readonly<Record<string, Json>> {
  const { attention } = decoderOf(family, spec);
  partOf(family, "attention", attention, "multi-head", { bias: [false], headNorm: [undefined, false] });
  const [window = null, ...others] = (attention["windows"] as (number | null)[] | undefined) ?? [];
  if (others.some((other) => other !== window))
    throw cannot(family, "attention.windows", attention["windows"], "one window for all layers, or none");
  return { sliding_window: window };
}
