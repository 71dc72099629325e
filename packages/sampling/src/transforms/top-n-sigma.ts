import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { keepAbove } from "./keep-above.ts";
import { largestLogit } from "./log-sum-exp.ts";
import type { LogitsTransform } from "./logits-transform.ts";

/**
 * Keeps the logits within n standard deviations of the largest: zᵢ ≥ max z − n·σ, with σ² the mean of (zⱼ − mean z)²
 * over the tokens that are not excluded. Which tokens these are does not depend on the temperature.
 *
 * Throws `ConfigError` unless n is a finite number above 0. Applying it throws `ConfigError` for logits that cannot be
 * chosen from.
 *
 * Tang, Liu, Xu, Huang and Shen 2024, "Top-nσ: not all logits are you need".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(4, 2, 0, 2); // σ = √2
 * console.log(topNSigma(1.5).apply(logits, { ids: [] })); // Float32Array(4) [ 4, 2, -Infinity, 2 ]
 * ```
 */
export function topNSigma(n: number): LogitsTransform {
  if (!Number.isFinite(n) || n <= 0) throw new ConfigError(`topNSigma(n) needs a finite number n > 0, got ${n}`, { n });
  const name = `topNSigma(${n})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      const max = largestLogit(logits);
      return keepAbove(logits, max - n * deviation(logits, max), 1);
    },
  };
}

/** Both sums are of distances to the largest: squares of the logits themselves would lose digits to a common offset. */
function deviation(logits: Float32Array, max: number): number {
  let count = 0;
  let sum = 0;
  for (const logit of logits) {
    if (logit === -Infinity) continue;
    count++;
    sum += max - logit;
  }
  const mean = sum / count;
  let squares = 0;
  for (const logit of logits) if (logit !== -Infinity) squares += (max - logit - mean) ** 2;
  return Math.sqrt(squares / count);
}
