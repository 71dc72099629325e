import {
  ConfigError,
  exp,
  gelu,
  less,
  maximum,
  minimum,
  mul,
  relu,
  sigmoid,
  silu,
  softplus,
  squaredRelu,
  sub,
  tanh,
  where,
  type Tensor,
} from "@tenon/tensor";

import type { Activation } from "./activation.ts";

/** An activation of {@link activations}. */
export type ActivationName =
  | "relu"
  | "leaky-relu"
  | "relu-squared"
  | "gelu"
  | "gelu-tanh"
  | "quick-gelu"
  | "silu"
  | "mish"
  | "elu"
  | "selu"
  | "softplus"
  | "sigmoid"
  | "tanh";

/** eˣ − 1 below 0, and 0 from there up. A large x must not meet the exponential: ∞ · 0 in the gradient is NaN. */
const below = (x: Tensor): Tensor => sub(exp(minimum(x, 0)), 1);
const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

/**
 * The element-wise non-linearities by name, x […] → […] each, for parts and specs that name one:
 *
 * - `relu` max(x, 0); `leaky-relu` max(x, 0.01 x) (Maas, Hannun and Ng 2013); `relu-squared` max(x, 0)² (So et al. 2021, "Primer")
 * - `gelu` x Φ(x), as in BERT; `gelu-tanh`, its form by tanh, as in GPT-2 (Hendrycks and Gimpel 2016); `quick-gelu` x sigmoid(1.702 x), as in CLIP
 * - `silu` x sigmoid(x), as in Llama (Elfwing et al. 2017); `mish` x tanh(softplus x) (Misra 2019)
 * - `elu` x, or eˣ − 1 below 0 (Clevert et al. 2015); `selu` 1.0507 · (x, or 1.6733 · (eˣ − 1) below 0) (Klambauer et al. 2017)
 * - `softplus` log(1 + eˣ); `sigmoid` 1 / (1 + e^−x); `tanh`
 *
 * @example
 * ```ts
 * const x = tensor([-1, 0, 2], [3], cpu());
 * console.log(await activations["relu-squared"](x).read()); // Float32Array(3) [ 0, 0, 4 ]
 * ```
 */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  relu,
  "leaky-relu": (x) => maximum(x, mul(x, 0.01)),
  "relu-squared": squaredRelu,
  gelu: (x) => gelu(x),
  "gelu-tanh": (x) => gelu(x, "tanh"),
  "quick-gelu": (x) => mul(x, sigmoid(mul(x, 1.702))),
  silu,
  mish: (x) => mul(x, tanh(softplus(x))),
  elu: (x) => where(less(0, x), x, below(x)),
  selu: (x) => where(less(0, x), mul(x, seluScale), mul(below(x), seluScale * seluAlpha)),
  softplus,
  sigmoid,
  tanh,
};

/**
 * The activation of this name. Throws `ConfigError` that lists the names for one that is none.
 *
 * @example
 * ```ts
 * console.log(activationOf("silu") === silu); // true
 * ```
 */
export function activationOf(name: ActivationName): Activation {
  if (Object.hasOwn(activations, name)) return activations[name];
  throw new ConfigError(
    `there is no activation ${JSON.stringify(name)}; choose from ${Object.keys(activations).join(", ")}, or pass a function of a tensor`,
    { activation: name },
  );
}
