import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { entropy } from "./entropy.ts";
import { keepNearest } from "./keep-nearest.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type KeepOptions, readKeep } from "./options.ts";

/**
 * Keeps the locally typical tokens, whose surprise −log pᵢ is closest to the surprise that is expected, the entropy H:
 * in the order of |−log pᵢ − H|, the fewest whose probabilities add up to at least p. The most probable token may be
 * among the excluded ones. At least `keep` stay, by default one. p = 1 keeps every token.
 *
 * Throws `ConfigError` unless 0 < p ≤ 1 and `keep` is a whole number of at least 1. Applying it throws `ConfigError`
 * for logits that cannot be chosen from.
 *
 * Meister, Pimentel, Wiher and Cotterell 2022, "Locally typical sampling".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(0.5, 0.25, 0.125, 0.125).map(Math.log); // H = 1.75 bits
 * console.log(typical(0.2).apply(logits, { ids: [] }).map(Math.exp)); // Float32Array(4) [ 0, 0.25, 0, 0 ]
 * ```
 */
export function typical(p: number, options: KeepOptions = {}): LogitsTransform {
  if (!Number.isFinite(p) || p <= 0 || p > 1)
    throw new ConfigError(`typical(p) needs a number with 0 < p ≤ 1, got ${p}`, { p });
  const keep = readKeep("typical(p, { keep })", options);
  const name = `typical(${p})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      if (p === 1) return logits.slice();
      const { logSum, entropy: expected } = entropy(logits);
      const distances = new Float64Array(logits.length);
      for (let id = 0; id < logits.length; id++) distances[id] = Math.abs(logSum - logits[id]! - expected);
      return keepNearest(logits, distances, p, keep);
    },
  };
}
