import { ConfigError } from "../errors.ts";
import type { Tensor } from "../tensor.ts";
import { gelu, relu, sigmoid, silu, softplus, squaredRelu } from "./activation.ts";
import { tanh } from "./pointwise.ts";

/** An activation by its name, as an attribute says it: `gelu` is the exact one, `geluTanh` that of GPT-2. */
export type NamedActivation = "relu" | "gelu" | "geluTanh" | "silu" | "sigmoid" | "tanh" | "squaredRelu" | "softplus";

const activations: { readonly [K in NamedActivation]: (x: Tensor) => Tensor } = {
  relu,
  gelu: (x) => gelu(x),
  geluTanh: (x) => gelu(x, "tanh"),
  silu,
  sigmoid,
  tanh,
  squaredRelu,
  softplus,
};

export const activate = (name: NamedActivation, x: Tensor): Tensor => activations[name](x);

/** Throws `ConfigError` for a name that is none. */
export function expectActivation(op: string, name: NamedActivation): void {
  if (Object.hasOwn(activations, name)) return;
  throw new ConfigError(
    `${op}: there is no activation ${JSON.stringify(name)}; choose from ${Object.keys(activations).join(", ")}, or apply your own to what linear() gives`,
    { op, activation: name },
  );
}
