import type { SentenceLayer } from "@tenon/models";
import type { ActivationName } from "@tenon/nn";
import { ConfigError, type Json } from "@tenon/tensor";

import type { Config } from "../config/config.ts";

const none = "torch.nn.modules.linear.Identity";
const torch = (name: string): string => `torch.nn.modules.activation.${name}`;
/** PyTorch's classes of activations. */
const classes: Readonly<Record<string, ActivationName | "none">> = {
  [none]: "none",
  [torch("Tanh")]: "tanh",
  [torch("ReLU")]: "relu",
  [torch("GELU")]: "gelu",
  [torch("SiLU")]: "silu",
  [torch("Sigmoid")]: "sigmoid",
  [torch("Mish")]: "mish",
};

/** The layer that 2_Dense/config.json describes. Throws `CheckpointError` for what Tenon does not do. */
export function denseOf(config: Config): SentenceLayer {
  config.only("use_residual", false);
  config.only("module_input_name", "sentence_embedding");
  config.only("module_output_name", "sentence_embedding");
  const activation = config.choice("activation_function", classes, torch("Tanh"));
  return {
    width: config.size("out_features"),
    bias: config.flag("bias", true),
    ...(activation !== "none" && { activation }),
  };
}

/** 2_Dense/config.json of a layer. Throws `ConfigError` for an activation that PyTorch has no class for. */
export function denseConfig({ width, bias, activation }: SentenceLayer, input: number): Readonly<Record<string, Json>> {
  const name = Object.keys(classes).find((one) => classes[one] === (activation ?? "none"));
  if (name === undefined) {
    throw new ConfigError(
      `sentence-transformers cannot express a layer with the activation "${activation}"; it can with ${Object.values(classes).slice(1).join(", ")}, or with none`,
      { activation },
    );
  }
  return { in_features: input, out_features: width, bias: bias ?? true, activation_function: name };
}
