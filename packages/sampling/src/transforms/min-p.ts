import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { keepAbove } from "./keep-above.ts";
import { largestLogit } from "./log-sum-exp.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type KeepOptions, readKeep } from "./options.ts";

/**
 * Keeps the tokens that are at least p times as probable as the most probable one: zᵢ ≥ max z + log p. Where the model
 * is sure few tokens stay, where it is not, many. At least `keep` stay, by default one.
 *
 * Throws `ConfigError` unless 0 < p ≤ 1 and `keep` is a whole number of at least 1. Applying it throws `ConfigError`
 * for logits that cannot be chosen from.
 *
 * Nguyen, Baker, Neo, Roush, Kirsch and Shwartz-Ziv 2024, "Turning up the heat: min-p sampling for creative and
 * coherent LLM outputs".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(0.5, 0.375, 0.125).map(Math.log);
 * console.log(minP(0.5).apply(logits, { ids: [] }).map(Math.exp)); // Float32Array(3) [ 0.5, 0.375, 0 ]
 * ```
 */
export function minP(p: number, options: KeepOptions = {}): LogitsTransform {
  if (!Number.isFinite(p) || p <= 0 || p > 1)
    throw new ConfigError(`minP(p) needs a number with 0 < p ≤ 1, got ${p}`, { p });
  const keep = readKeep("minP(p, { keep })", options);
  const name = `minP(${p})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      return keepAbove(logits, largestLogit(logits) + Math.log(p), keep);
    },
  };
}
