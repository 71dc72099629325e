import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { entropy } from "./entropy.ts";
import { keepAbove } from "./keep-above.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type KeepOptions, readKeep } from "./options.ts";

/**
 * Keeps the tokens with a probability of at least η = min(ε, √ε · exp(−H)), where H is the entropy in nats: a cut-off at
 * ε that becomes milder where the distribution is flat. The paper takes 3e-4 to 4e-3. At least `keep` stay, by default one.
 *
 * Throws `ConfigError` unless 0 < ε < 1 and `keep` is a whole number of at least 1. Applying it throws `ConfigError`
 * for logits that cannot be chosen from.
 *
 * Hewitt, Manning and Liang 2022, "Truncation sampling as language model desmoothing".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(0.5, 0.25, 0.25).map(Math.log); // exp(−H) = 0.354, so η = min(0.64, 0.8 · 0.354) = 0.283
 * console.log(etaCutoff(0.64).apply(logits, { ids: [] }).map(Math.exp)); // Float32Array(3) [ 0.5, 0, 0 ]
 * ```
 */
export function etaCutoff(epsilon: number, options: KeepOptions = {}): LogitsTransform {
  if (!Number.isFinite(epsilon) || epsilon <= 0 || epsilon >= 1)
    throw new ConfigError(`etaCutoff(epsilon) needs a number with 0 < epsilon < 1, got ${epsilon}`, { epsilon });
  const keep = readKeep("etaCutoff(epsilon, { keep })", options);
  const name = `etaCutoff(${epsilon})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      const { logSum, entropy: nats } = entropy(logits);
      return keepAbove(logits, logSum + Math.min(Math.log(epsilon), Math.log(epsilon) / 2 - nats), keep);
    },
  };
}
