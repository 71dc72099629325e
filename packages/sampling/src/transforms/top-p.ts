import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { keepNearest } from "./keep-nearest.ts";
import { largestLogit } from "./log-sum-exp.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type KeepOptions, readKeep } from "./options.ts";

/**
 * Keeps the nucleus: the fewest most probable tokens whose probabilities softmax(z)ᵢ add up to at least p. At least
 * `keep` stay, by default one; of tokens that are equally probable those with the smaller ids. p = 1 keeps every token.
 *
 * Throws `ConfigError` unless 0 < p ≤ 1 and `keep` is a whole number of at least 1. Applying it throws `ConfigError` for logits that cannot be chosen from.
 *
 * Holtzman, Buys, Du, Forbes and Choi 2020, "The curious case of neural text degeneration".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(0.5, 0.25, 0.25).map(Math.log);
 * console.log(topP(0.7).apply(logits, { ids: [] }).map(Math.exp)); // Float32Array(3) [ 0.5, 0.25, 0 ]
 * ```
 */
export function topP(p: number, options: KeepOptions = {}): LogitsTransform {
  if (!Number.isFinite(p) || p <= 0 || p > 1)
    throw new ConfigError(`topP(p) needs a number with 0 < p ≤ 1, got ${p}`, { p });
  const keep = readKeep("topP(p, { keep })", options);
  const name = `topP(${p})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      if (p === 1) return logits.slice();
      const max = largestLogit(logits);
      const distances = new Float64Array(logits.length);
      for (let id = 0; id < logits.length; id++) distances[id] = max - logits[id]!;
      return keepNearest(logits, distances, p, keep);
    },
  };
}
