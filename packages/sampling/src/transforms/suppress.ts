import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { checkIds, checkVocabulary, listIds, without } from "./token-ids.ts";

/**
 * Excludes some tokens at every step.
 *
 * Throws `ConfigError` unless it is given at least one token id. Applying it throws `ConfigError` for logits that cannot
 * be chosen from, and for an id outside of the vocabulary.
 *
 * `SuppressTokensLogitsProcessor` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * console.log(suppress([0, 2]).apply(Float32Array.of(1, 2, 3), { ids: [] })); // Float32Array(3) [ -Infinity, 2, -Infinity ]
 * ```
 */
export function suppress(ids: readonly number[]): LogitsTransform {
  const suppressed = checkIds("suppress(ids)", ids);
  const name = `suppress(${listIds(suppressed)})`;
  return {
    name,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, suppressed, logits.length);
      return without(logits, suppressed);
    },
  };
}
