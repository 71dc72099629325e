import { ConfigError } from "@tenon/tensor";

const gains: { readonly [name in "linear" | "sigmoid" | "tanh" | "relu" | "selu"]: number } = {
  linear: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 3 / 4,
};

/** An activation that {@link gainOf} knows a gain for. */
export type GainName = keyof typeof gains | "leaky-relu";

/**
 * What weights are multiplied by to make up for what an activation takes from the variance: `linear` and `sigmoid` 1, `tanh` 5/3, `relu`
 * √2, `leaky-relu` √(2 / (1 + slope²)), `selu` 3/4. The values are those of PyTorch; those of the rectifiers are derived by He et al., that
 * of tanh is customary.
 *
 * Throws `ConfigError` for another name, and for a slope that is not finite or that is given for another than `leaky-relu`.
 *
 * He et al. 2015, "Delving deep into rectifiers".
 *
 * @example
 * ```ts
 * console.log(gainOf("relu"), gainOf("leaky-relu", 1)); // 1.4142135623730951 1
 * ```
 */
export function gainOf(activation: GainName, slope?: number): number {
  if (activation === "leaky-relu") {
    const negative = slope ?? 0.01;
    if (Number.isFinite(negative)) return Math.sqrt(2 / (1 + negative ** 2));
    throw new ConfigError(`gainOf: the slope must be a finite number, got ${negative}`, { slope: negative });
  }
  if (!Object.hasOwn(gains, activation)) {
    throw new ConfigError(
      `gainOf: there is no gain for ${JSON.stringify(activation)}; choose from ${Object.keys(gains).join(", ")}, leaky-relu, or pass a number as the gain`,
      { activation },
    );
  }
  if (slope !== undefined)
    throw new ConfigError(`gainOf: only leaky-relu has a slope, got ${slope} for ${activation}`, { activation, slope });
  return gains[activation];
}
