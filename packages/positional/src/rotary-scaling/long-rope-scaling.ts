import { expectPositive, expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { rotaryFrequencies, type RotaryScaling } from "./rotary-scaling.ts";

/** What {@link longRopeScaling} takes. */
export interface LongRopeScalingOptions {
  /** How many positions the model was trained on at first, L. Longer texts take the long factors. */
  readonly context: number;
  /** What the frequency of each pair is divided by in short texts: r / 2 numbers. */
  readonly shortFactors: readonly number[];
  /** And in long ones. */
  readonly longFactors: readonly number[];
  /** How many times as long texts may be, s: the model's context / L. */
  readonly factor: number;
  /** What queries and keys are multiplied by. Default √(1 + ln s / ln L), and 1 up to a factor of 1. */
  readonly attentionFactor?: number | undefined;
}

/**
 * LongRoPE: a factor for each pair, found by search, θᵢ / λᵢ; one set for texts up to the original context and one beyond it. Phi-3 and
 * Phi-4 use it.
 *
 * Which set is taken depends on the length of the text *at each pass*. Keys in a cache keep the angles of the pass that put them there, so a text that grows
 * past the context gives other scores than one that is read at once, as it does in Hugging Face's transformers. Where that matters, decide on the
 * length beforehand with {@link forLength}.
 *
 * Throws `ConfigError` unless all numbers are finite and above 0 and the context is a whole number from 1 up (from 2 up without an attention factor), and for
 * another number of factors than pairs.
 *
 * Ding et al. 2024, "LongRoPE: extending LLM context window beyond 2 million tokens".
 *
 * @example
 * ```ts
 * const scaling = longRopeScaling({ context: 4096, factor: 32, shortFactors: [1, 1.1], longFactors: [1, 40] });
 * const position = new RotaryPosition({ width: 4, scaling });
 * console.log(position.rotation(4096).frequencies[1]! > position.rotation(4097).frequencies[1]!); // true
 * ```
 */
export function longRopeScaling(options: LongRopeScalingOptions): RotaryScaling {
  const { context, shortFactors, longFactors, factor } = options;
  expectSize("longRopeScaling", "context", context);
  expectPositive("longRopeScaling", "factor", factor);
  for (const value of shortFactors) expectPositive("longRopeScaling", "each of shortFactors", value);
  for (const value of longFactors) expectPositive("longRopeScaling", "each of longFactors", value);
  const attentionFactor =
    options.attentionFactor ?? (factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(context)));
  expectPositive("longRopeScaling", "attentionFactor", attentionFactor);
  return {
    rotation(rotary) {
      const pairs = rotary.turned / 2;
      for (const [name, { length }] of Object.entries({ shortFactors, longFactors })) {
        if (length === pairs) continue;
        throw new ConfigError(
          `longRopeScaling: ${pairs} pairs turn, but ${name} has ${length} numbers; give one for each pair`,
          { pairs, [name]: length },
        );
      }
      const factors = rotary.length > context ? longFactors : shortFactors;
      return {
        frequencies: rotaryFrequencies(rotary).map((frequency, pair) => frequency / factors[pair]!),
        attentionFactor,
      };
    },
  };
}
