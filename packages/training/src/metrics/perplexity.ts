import { ConfigError } from "@tenon/tensor";

/**
 * How many tokens a model hesitates between: exp(loss), for a mean of −log p in nats as `evaluate` gives it. A model that finds all v
 * tokens equally likely has the perplexity v.
 *
 * Throws `ConfigError` when the loss is no number.
 *
 * Jelinek et al. 1977, "Perplexity: a measure of the difficulty of speech recognition tasks".
 *
 * @example
 * ```ts
 * console.log(perplexity(Math.log(50)).toFixed(2)); // 50.00
 * ```
 */
export function perplexity(loss: number): number {
  if (typeof loss !== "number" || Number.isNaN(loss)) {
    throw new ConfigError(`perplexity: loss must be a number, got ${loss}`, { loss });
  }
  return Math.exp(loss);
}
