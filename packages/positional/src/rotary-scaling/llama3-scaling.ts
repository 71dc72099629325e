import { expectPositive, expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { rotaryFrequencies, type RotaryScaling } from "./rotary-scaling.ts";

/** What {@link llama3Scaling} takes. Llama 3.1 has 8, 8192, 1 and 4. */
export interface Llama3ScalingOptions {
  /** What slow pairs are divided by. */
  readonly factor: number;
  /** How many positions the model was trained on at first, L. */
  readonly context: number;
  /** Pairs that turn less often than this within the context are interpolated. Default 1. */
  readonly lowFrequencyFactor?: number | undefined;
  /** Pairs that turn more often than this within the context are left alone. Default 4. */
  readonly highFrequencyFactor?: number | undefined;
}

/**
 * The scaling of Llama 3.1: a pair that turns n = L θᵢ / 2π times within the original context L is left alone for n above the high factor, divided by the
 * factor for n below the low one, and between them θᵢ ((1 − m) / factor + m), with m = (n − low) / (high − low).
 *
 * Throws `ConfigError` unless all numbers are finite and above 0, the context is a whole number from 1 up and the high factor is above the low one.
 *
 * Grattafiori et al. 2024, "The Llama 3 herd of models"; the formula is that of Meta's published code.
 *
 * @example
 * ```ts
 * const position = new RotaryPosition({ width: 128, base: 500000, scaling: llama3Scaling({ factor: 8, context: 8192 }) });
 * console.log(position.rotation(1).frequencies[0]); // 1
 * ```
 */
export function llama3Scaling({
  factor,
  context,
  lowFrequencyFactor: low = 1,
  highFrequencyFactor: high = 4,
}: Llama3ScalingOptions): RotaryScaling {
  expectPositive("llama3Scaling", "factor", factor);
  expectPositive("llama3Scaling", "lowFrequencyFactor", low);
  expectPositive("llama3Scaling", "highFrequencyFactor", high);
  expectSize("llama3Scaling", "context", context);
  if (high <= low) {
    throw new ConfigError(
      `llama3Scaling: highFrequencyFactor must be above lowFrequencyFactor, got ${high} and ${low}`,
      { lowFrequencyFactor: low, highFrequencyFactor: high },
    );
  }
  return {
    rotation: (rotary) => ({
      frequencies: rotaryFrequencies(rotary).map((frequency) => {
        const turns = (context * frequency) / (2 * Math.PI);
        const kept = Math.min(Math.max((turns - low) / (high - low), 0), 1);
        return frequency * ((1 - kept) / factor + kept);
      }),
      attentionFactor: 1,
    }),
  };
}
