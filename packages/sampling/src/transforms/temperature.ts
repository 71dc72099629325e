import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";

/**
 * Divides the logits: zᵢ / t. Below 1 the distribution becomes more peaked, above 1 flatter; 1 leaves it as it is.
 *
 * Throws `ConfigError` unless t is a finite number above 0. The limit t → 0 is `greedy()`. Applying it throws
 * `ConfigError` for logits that cannot be chosen from, and when t is so small that a logit leaves the range of float32.
 *
 * Ackley, Hinton and Sejnowski 1985, "A learning algorithm for Boltzmann machines".
 *
 * @example
 * ```ts
 * console.log(temperature(0.5).apply(Float32Array.of(1, 2, 3), { ids: [] })); // Float32Array(3) [ 2, 4, 6 ]
 * ```
 */
export function temperature(t: number): LogitsTransform {
  if (t === 0) {
    throw new ConfigError(
      "temperature(0) would divide by zero. For the most probable token at every step, use greedy() as the strategy.",
      { temperature: t },
    );
  }
  if (!Number.isFinite(t) || t < 0)
    throw new ConfigError(`temperature(t) needs a finite number t > 0, got ${t}`, { temperature: t });
  const name = `temperature(${t})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      return logits.map((logit) => {
        const scaled = Math.fround(logit / t);
        if (logit !== -Infinity && !Number.isFinite(scaled)) {
          throw new ConfigError(
            `${name} takes the logit ${logit} out of the range of float32. For so small a temperature, use greedy() as the strategy.`,
            {
              temperature: t,
              logit,
            },
          );
        }
        return scaled;
      });
    },
  };
}
