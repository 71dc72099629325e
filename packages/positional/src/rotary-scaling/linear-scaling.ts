import { expectPositive } from "@tenon/nn";

import { rotaryFrequencies, type RotaryScaling } from "./rotary-scaling.ts";

/**
 * Position interpolation: every frequency divided by the factor, θᵢ / factor, so that position p turns as p / factor did in training and a text
 * `factor` times as long stays within known angles. Needs some fine-tuning.
 *
 * Throws `ConfigError` unless the factor is a finite number above 0.
 *
 * Chen et al. 2023, "Extending context window of large language models via positional interpolation".
 *
 * @example
 * ```ts
 * const position = new RotaryPosition({ width: 64, scaling: linearScaling(4) });
 * console.log(position.rotation(1).frequencies[0]); // 0.25
 * ```
 */
export function linearScaling(factor: number): RotaryScaling {
  expectPositive("linearScaling", "factor", factor);
  return {
    rotation: (rotary) => ({
      frequencies: rotaryFrequencies(rotary).map((frequency) => frequency / factor),
      attentionFactor: 1,
    }),
  };
}
