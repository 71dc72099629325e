import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { largestLogit } from "./log-sum-exp.ts";
import type { LogitsTransform } from "./logits-transform.ts";

/**
 * Keeps the nucleus: the fewest most probable tokens whose probabilities softmax(z)ᵢ add up to at least p. At least one
 * stays; of tokens that are equally probable those with the smaller ids. p = 1 keeps every token.
 *
 * Throws `ConfigError` unless 0 < p ≤ 1. Applying it throws `ConfigError` for logits that cannot be chosen from.
 *
 * Holtzman, Buys, Du, Forbes and Choi 2020, "The curious case of neural text degeneration".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(0.5, 0.25, 0.25).map(Math.log);
 * console.log(topP(0.7).apply(logits, { ids: [] }).map(Math.exp)); // Float32Array(3) [ 0.5, 0.25, 0 ]
 * ```
 */
export function topP(p: number): LogitsTransform {
  if (!Number.isFinite(p) || p <= 0 || p > 1)
    throw new ConfigError(`topP(p) needs a number with 0 < p ≤ 1, got ${p}`, { p });
  const name = `topP(${p})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      return p === 1 ? logits.slice() : nucleus(logits, p);
    },
  };
}

/** Bins of the distance to the largest logit: 64 to a nat, and the last for all that is farther than 32 nats. */
const bins = 2048;
const binOf = (distance: number): number => Math.min(bins - 1, Math.floor(distance * 64));

/** The mass of each bin says in which one p is reached, so only the tokens of that bin are sorted. */
function nucleus(logits: Float32Array, p: number): Float32Array {
  const max = largestLogit(logits);
  const masses = new Float64Array(bins);
  for (const logit of logits) masses[binOf(max - logit)]! += Math.exp(logit - max);
  const needed = p * masses.reduce((sum, mass) => sum + mass);

  let mass = 0;
  let bin = 0;
  while (mass + masses[bin]! < needed) mass += masses[bin++]!;

  const descending = logits
    .filter((logit) => binOf(max - logit) === bin)
    .sort()
    .reverse();
  let size = 0;
  while (size < descending.length && mass < needed) mass += Math.exp(descending[size++]! - max);

  const threshold = descending[size - 1]!;
  let ties = size - descending.indexOf(threshold);
  return logits.map((logit) => (logit > threshold || (logit === threshold && ties-- > 0) ? logit : -Infinity));
}
