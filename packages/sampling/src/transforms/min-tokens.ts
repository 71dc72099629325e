import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type CountOptions, firstCounted, readCountPrompt } from "./options.ts";
import { checkIds, checkVocabulary, listIds, without } from "./token-ids.ts";

/**
 * Excludes the tokens that end a text until n tokens have been generated. With `countPrompt`, until there are n tokens
 * with the prompt's.
 *
 * Throws `ConfigError` unless n is a whole number of at least 1 and there is at least one end id. Applying it throws
 * `ConfigError` for logits that cannot be chosen from, and for an id outside of the vocabulary.
 *
 * `MinNewTokensLengthLogitsProcessor` and, with `countPrompt`, `MinLengthLogitsProcessor` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * const long = minTokens(1, [0]);
 * console.log(long.apply(Float32Array.of(3, 2), { ids: [1], promptLength: 1 })); // Float32Array(2) [ -Infinity, 2 ]
 * console.log(long.apply(Float32Array.of(3, 2), { ids: [1, 1], promptLength: 1 })); // Float32Array(2) [ 3, 2 ]
 * ```
 */
export function minTokens(n: number, endIds: readonly number[], options: CountOptions = {}): LogitsTransform {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new ConfigError(`minTokens(n, endIds) needs a whole number n of at least 1, got ${String(n)}`, { n });
  const ends = checkIds("minTokens(n, endIds)", endIds);
  const countPrompt = readCountPrompt("minTokens(n, endIds, { countPrompt })", options, false);
  const name = `minTokens(${n}, ${listIds(ends)})`;
  return {
    name,
    apply(logits, context) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, ends, logits.length);
      const enough = context.ids.length - firstCounted(context, countPrompt) >= n;
      return enough ? logits.slice() : without(logits, ends);
    },
  };
}
