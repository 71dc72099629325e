import type { Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";
import { patternFor } from "./module-pattern.ts";

/** What adapter_config.json says that the tensors beside it do not. */
export interface AdapterSettings {
  readonly alpha: (module: string) => number;
  readonly rankStabilised: boolean;
  readonly dropout: number;
  /** The ends of the names of modules that are saved as a whole. */
  readonly modulesToSave: readonly string[];
}

/** Keys that change nothing about adapters that are there already, or that are read below. */
const harmless = new Set([
  ...["peft_type", "r", "lora_alpha", "lora_dropout", "use_rslora", "rank_pattern", "alpha_pattern", "modules_to_save"],
  ...["target_modules", "exclude_modules", "layers_to_transform", "layers_pattern", "fan_in_fan_out", "bias"],
  ...["auto_mapping", "base_model_name_or_path", "revision", "task_type", "inference_mode", "init_lora_weights"],
  ...["peft_version", "megatron_core", "qalora_group_size", "ensure_weight_tying"],
]);
/** Beginnings of A and B that leave the model's own weights as they are; PiSSA, OLoRA, LoftQ and their like change them, and adapters of those fit no other. */
const beginnings = [true, false, "gaussian", "eva", "orthogonal"];

/** Reads adapter_config.json. Strict: throws `CheckpointError` for another method than LoRA, and for any variant of it that Tenon does not do. */
export function readAdapterConfig(config: Config): AdapterSettings {
  if (config.text("peft_type") !== "LORA") throw config.problem("peft_type", '"LORA", the only method that Tenon does');
  config.only("bias", "none");
  config.only("init_lora_weights", ...beginnings);
  for (const [key, value] of Object.entries(config.values))
    if (!harmless.has(key) && !isEmpty(value)) throw config.problem(key, "nothing, since Tenon does plain LoRA alone");
  const alphas = config.has("alpha_pattern") ? config.within("alpha_pattern") : undefined;
  const alpha = config.number("lora_alpha", 8);
  const patternOf = alphas && patternFor(alphas, Object.keys(alphas.values));
  for (const pattern of Object.keys(alphas?.values ?? {})) alphas!.number(pattern);
  return {
    alpha: (module) => {
      const pattern = patternOf?.(module);
      return pattern === undefined ? alpha : alphas!.number(pattern);
    },
    rankStabilised: config.flag("use_rslora", false),
    dropout: config.number("lora_dropout", 0),
    modulesToSave: config.has("modules_to_save")
      ? config.list("modules_to_save", "strings", (value) => typeof value === "string")
      : [],
  };
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);
