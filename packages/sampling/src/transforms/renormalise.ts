import { checkLogits } from "./check-logits.ts";
import { logSumExp } from "./log-sum-exp.ts";
import type { LogitsTransform } from "./logits-transform.ts";

/**
 * Turns logits into log-probabilities: zᵢ − log Σⱼ exp(zⱼ). The distribution stays as it is; sums of log-probabilities,
 * such as those by which beams are compared, are right again after transforms that excluded tokens. Put it last.
 *
 * Applying it throws `ConfigError` for logits that cannot be chosen from.
 *
 * `LogitNormalization` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(3, 3, -Infinity);
 * console.log(renormalise().apply(logits, { ids: [] }).map(Math.exp)); // Float32Array(3) [ 0.5, 0.5, 0 ]
 * ```
 */
export function renormalise(): LogitsTransform {
  const name = "renormalise()";
  return {
    name,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      const logSum = logSumExp(logits);
      return logits.map((logit) => logit - logSum);
    },
  };
}
