import type { ActivationName } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

/** What config.json calls activations, and what they are called here; of several names of theirs for one, the first is written. */
export const activationNames: Readonly<Record<string, ActivationName>> = {
  gelu: "gelu",
  gelu_python: "gelu",
  gelu_pytorch_tanh: "gelu-tanh",
  gelu_new: "gelu-tanh",
  gelu_fast: "gelu-tanh",
  quick_gelu: "quick-gelu",
  relu: "relu",
  relu2: "relu-squared",
  leaky_relu: "leaky-relu",
  silu: "silu",
  swish: "silu",
  mish: "mish",
  sigmoid: "sigmoid",
  tanh: "tanh",
};

/** What config.json calls an activation of ours; `tanh` is the name that the family has for the GELU by tanh. Throws `ConfigError` for one that Hugging Face has no name for. */
export function nameOfActivation(family: string, name: string, tanh = "gelu_pytorch_tanh"): string {
  if (name === "gelu-tanh") return tanh;
  const found = Object.entries(activationNames).find(([, ours]) => ours === name);
  if (found !== undefined) return found[0];
  throw new ConfigError(
    `the family "${family}" cannot express the activation "${name}": Hugging Face has no name for it`,
    { family, name },
  );
}
