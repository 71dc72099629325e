import { expectPositive, expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { rotaryFrequencies, type RotaryScaling } from "./rotary-scaling.ts";

/** What {@link yarnScaling} takes. */
export interface YarnScalingOptions {
  /** How many times as long texts are to be, s. */
  readonly factor: number;
  /** How many positions the model was trained on, L. */
  readonly context: number;
  /** Pairs that turn at least this often within the context are left alone, β. Default 32. */
  readonly betaFast?: number | undefined;
  /** Pairs that turn at most this often within the context are interpolated in full, α. Default 1. */
  readonly betaSlow?: number | undefined;
  /** What queries and keys are multiplied by. Default: {@link yarnAttentionFactor} of the factor. */
  readonly attentionFactor?: number | undefined;
  /** Does the ramp between the two begin and end at whole pairs? Default true; gpt-oss says false. */
  readonly truncate?: boolean | undefined;
}

/**
 * YaRN: pairs that turn often are left alone, those that turn less than once are interpolated, and a ramp over the pairs leads from one to the
 * other: θᵢ ((1 − γᵢ) + γᵢ / s), with γᵢ = clamp((i − low) / (high − low), 0, 1). A pair that turns n times within the context L has the index
 * i(n) = r ln(L / (2π n)) / (2 ln base); low is i(betaFast) and high i(betaSlow). The attention factor makes scores a little larger, which longer texts need.
 *
 * Throws `ConfigError` unless factor, betas and attention factor are finite numbers above 0 with betaFast ≥ betaSlow, the context is a whole number from 1 up,
 * and the base is above 1.
 *
 * Peng et al. 2023, "YaRN: efficient context window extension of large language models".
 *
 * @example
 * ```ts
 * const position = new RotaryPosition({ width: 64, scaling: yarnScaling({ factor: 4, context: 4096 }) });
 * const { frequencies, attentionFactor } = position.rotation(1);
 * console.log(frequencies[0], attentionFactor.toFixed(3)); // 1 1.139
 * ```
 */
export function yarnScaling({
  factor,
  context,
  betaFast = 32,
  betaSlow = 1,
  attentionFactor = yarnAttentionFactor(factor),
  truncate = true,
}: YarnScalingOptions): RotaryScaling {
  for (const [name, value] of Object.entries({ factor, betaFast, betaSlow, attentionFactor })) {
    expectPositive("yarnScaling", name, value);
  }
  expectSize("yarnScaling", "context", context);
  if (betaFast < betaSlow) {
    throw new ConfigError(
      `yarnScaling: betaFast must be at least betaSlow, got ${betaFast} and ${betaSlow}; they count turns, and fast pairs make more`,
      { betaFast, betaSlow },
    );
  }
  return {
    rotation(rotary) {
      const { base, turned } = rotary;
      if (base <= 1) {
        throw new ConfigError(`yarnScaling: the base must be above 1, so that pairs turn ever slower, got ${base}`, {
          base,
        });
      }
      const pairOf = (turns: number): number =>
        (turned * Math.log(context / (2 * Math.PI * turns))) / (2 * Math.log(base));
      const [low, high] = [pairOf(betaFast), pairOf(betaSlow)];
      const first = Math.max(truncate ? Math.floor(low) : low, 0);
      const last = Math.min(truncate ? Math.ceil(high) : high, turned - 1);
      const width = last === first ? 0.001 : last - first; // a step is a very steep ramp
      return {
        frequencies: rotaryFrequencies(rotary).map((frequency, pair) => {
          const interpolated = Math.min(Math.max((pair - first) / width, 0), 1);
          return frequency * (1 - interpolated) + (frequency / factor) * interpolated;
        }),
        attentionFactor,
      };
    },
  };
}

/**
 * What YaRN multiplies queries and keys by for texts `factor` times as long: 0.1 · scale · ln factor + 1, and 1 up to a factor of 1. DeepSeek's
 * configurations name two scales; what they mean is the quotient of two calls, with `mscale` and with `mscale_all_dim`.
 *
 * Peng et al. 2023, "YaRN: efficient context window extension of large language models", section 3.4.
 *
 * @example
 * ```ts
 * console.log(yarnAttentionFactor(40).toFixed(4)); // 1.3689
 * const attentionFactor = yarnAttentionFactor(40, 1) / yarnAttentionFactor(40, 0.707);
 * ```
 */
export function yarnAttentionFactor(factor: number, scale = 1): number {
  return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
}
