import { ConfigError } from "@tenon/tensor";
import type { BeamScore } from "./beam-score.ts";

/**
 * The sum of the log-probabilities over a power of the length: log P(Y) / |Y|^α. With α = 0 it is the sum, which favours what is short, as every token takes
 * something away; with α = 1 the mean; a larger α favours what is long, a negative one what is short even more. Hugging Face's `length_penalty`.
 *
 * Throws `ConfigError` for an α that is not finite.
 *
 * @example
 * ```ts
 * console.log(lengthNormalised(1).score(-6, 3)); // -2
 * console.log(lengthNormalised(0).score(-6, 3)); // -6
 * ```
 */
export function lengthNormalised(alpha: number): BeamScore {
  if (!Number.isFinite(alpha))
    throw new ConfigError(`lengthNormalised(alpha) needs a finite number, got ${alpha}`, { alpha });
  return {
    name: `lengthNormalised(${alpha})`,
    score: (sum, length) => sum / length ** alpha,
  };
}
