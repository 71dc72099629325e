import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { checkIds, checkVocabulary } from "./token-ids.ts";

/** So much more than any other logit makes the end certain, and leaves room in float32 for what comes after. */
const mostAdded = 1e30;

/**
 * Makes the end of a text more and more probable once it is longer than `start` generated tokens: zₑ + |zₑ|·(fⁿ − 1)
 * for each end id e, where n counts the generated tokens beyond `start` and f is the factor. What is added is at most
 * 1e30.
 *
 * Throws `ConfigError` unless `start` is a whole number of at least 0, the factor a finite number above 0, and there is
 * at least one end id. Applying it throws `ConfigError` for logits that cannot be chosen from, and for an id outside of
 * the vocabulary.
 *
 * `ExponentialDecayLengthPenalty` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * const brief = exponentialDecayLength(1, 1.5, [0]);
 * console.log(brief.apply(Float32Array.of(-2, 2), { ids: [1] })); // Float32Array(2) [ -2, 2 ]
 * console.log(brief.apply(Float32Array.of(-2, 2), { ids: [1, 1] })); // Float32Array(2) [ -1, 2 ]
 * console.log(brief.apply(Float32Array.of(-2, 2), { ids: [1, 1, 1] })); // Float32Array(2) [ 0.5, 2 ]
 * ```
 */
export function exponentialDecayLength(start: number, factor: number, endIds: readonly number[]): LogitsTransform {
  const call = "exponentialDecayLength(start, factor, endIds)";
  if (!Number.isSafeInteger(start) || start < 0)
    throw new ConfigError(`${call} needs a whole number start of at least 0, got ${String(start)}`, { start });
  if (!Number.isFinite(factor) || factor <= 0)
    throw new ConfigError(`${call} needs a finite factor above 0, got ${String(factor)}`, { factor });
  const ends = checkIds(call, endIds);
  const name = `exponentialDecayLength(${start}, ${factor})`;
  return {
    name,
    apply(logits, { ids, promptLength = 0 }) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, ends, logits.length);
      const beyond = ids.length - promptLength - start;
      const changed = logits.slice();
      if (beyond <= 0) return changed;
      for (const id of ends) {
        const logit = logits[id]!;
        if (logit === -Infinity || logit === 0) continue;
        changed[id] = logit + Math.min(mostAdded, Math.abs(logit) * (factor ** beyond - 1));
      }
      return changed;
    },
  };
}
