import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { type CountOptions, firstCounted, readCountPrompt } from "./options.ts";
import { checkIds, checkVocabulary, listIds, only } from "./token-ids.ts";

/**
 * Forces the last of `maxTokens` generated tokens to be the one that ends the text, or one of several: their logits
 * become 0 and all others are excluded. With `countPrompt` the prompt's tokens are among the `maxTokens`. Give
 * `generate` a limit that agrees with it.
 *
 * Throws `ConfigError` unless it is given at least one token id, and for `maxTokens` a whole number of at least 1.
 * Applying it throws `ConfigError` for logits that cannot be chosen from, and for an id outside of the vocabulary.
 *
 * `ForcedEOSTokenLogitsProcessor` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * const end = forceLast(0, 2);
 * console.log(end.apply(Float32Array.of(1, 2), { ids: [1], promptLength: 1 })); // Float32Array(2) [ 1, 2 ]
 * console.log(end.apply(Float32Array.of(1, 2), { ids: [1, 1], promptLength: 1 })); // Float32Array(2) [ 0, -Infinity ]
 * ```
 */
export function forceLast(
  endId: number | readonly number[],
  maxTokens: number,
  options: CountOptions = {},
): LogitsTransform {
  const endIds = checkIds("forceLast(endId, maxTokens)", typeof endId === "number" ? [endId] : endId);
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) {
    throw new ConfigError(
      `forceLast(endId, maxTokens) needs a whole number maxTokens of at least 1, got ${String(maxTokens)}`,
      { maxTokens },
    );
  }
  const countPrompt = readCountPrompt("forceLast(endId, maxTokens, { countPrompt })", options, false);
  const name = `forceLast(${endIds.length === 1 ? endIds[0] : listIds(endIds)}, ${maxTokens})`;
  return {
    name,
    apply(logits, context) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, endIds, logits.length);
      const position = context.ids.length - firstCounted(context, countPrompt);
      return position === maxTokens - 1 ? only(endIds, logits.length) : logits.slice();
    },
  };
}
