import { CheckpointError } from "@tenon/tensor";

import type { Config } from "./config.ts";

/** Where tools say that they have quantised a model: transformers, MLX, compressed-tensors. */
const keys = ["quantization_config", "quantization", "compression_config"];

/** Throws `CheckpointError` for a model whose weights were quantised: its tensors are then not what their names say. */
export function refuseQuantised(config: Config): void {
  const key = keys.find((key) => config.has(key));
  if (key === undefined) return;
  const told = (config.values[key] as { quant_method?: unknown }).quant_method;
  const method = typeof told === "string" ? ` by "${told}"` : "";
  throw new CheckpointError(
    `${config.file}: "${key}": the weights were quantised${method}, and Tenon reads safetensors only as they are. Load the model that it was made from.`,
    { file: config.file, key, got: told },
  );
}
