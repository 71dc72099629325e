import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { keepAbove } from "./keep-above.ts";
import { logSumExp } from "./log-sum-exp.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type KeepOptions, readKeep } from "./options.ts";

/**
 * Keeps the tokens with a probability of at least ε: zᵢ ≥ log ε + log Σⱼ exp(zⱼ). The paper takes 3e-4 to 9e-4. At
 * least `keep` stay, by default one.
 *
 * Throws `ConfigError` unless 0 < ε < 1 and `keep` is a whole number of at least 1. Applying it throws `ConfigError`
 * for logits that cannot be chosen from.
 *
 * Hewitt, Manning and Liang 2022, "Truncation sampling as language model desmoothing".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(0.5, 0.375, 0.125).map(Math.log);
 * console.log(epsilonCutoff(0.2).apply(logits, { ids: [] }).map(Math.exp)); // Float32Array(3) [ 0.5, 0.375, 0 ]
 * ```
 */
export function epsilonCutoff(epsilon: number, options: KeepOptions = {}): LogitsTransform {
  if (!Number.isFinite(epsilon) || epsilon <= 0 || epsilon >= 1)
    throw new ConfigError(`epsilonCutoff(epsilon) needs a number with 0 < epsilon < 1, got ${epsilon}`, { epsilon });
  const keep = readKeep("epsilonCutoff(epsilon, { keep })", options);
  const name = `epsilonCutoff(${epsilon})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      return keepAbove(logits, logSumExp(logits) + Math.log(epsilon), keep);
    },
  };
}
