import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { checkOptions } from "./options.ts";
import { checkIds, checkVocabulary, listIds, without } from "./token-ids.ts";

/** Where the text begins. */
export interface SuppressAtBeginningOptions {
  /** Does `forceFirst` decide about the token after a prompt of one? Then the token after that is the beginning. */
  readonly afterForcedFirst?: boolean | undefined;
}

/**
 * Excludes some tokens from being the first that is generated, such as a space or the end of the text.
 *
 * Throws `ConfigError` unless it is given at least one token id. Applying it throws `ConfigError` for logits that cannot
 * be chosen from, and for an id outside of the vocabulary.
 *
 * Radford, Kim, Xu, Brockman, McLeavey and Sutskever 2022, "Robust speech recognition via large-scale weak supervision".
 *
 * @example
 * ```ts
 * const begin = suppressAtBeginning([0]);
 * console.log(begin.apply(Float32Array.of(1, 2), { ids: [1, 1], promptLength: 2 })); // Float32Array(2) [ -Infinity, 2 ]
 * console.log(begin.apply(Float32Array.of(1, 2), { ids: [1, 1], promptLength: 1 })); // Float32Array(2) [ 1, 2 ]
 * ```
 */
export function suppressAtBeginning(ids: readonly number[], options: SuppressAtBeginningOptions = {}): LogitsTransform {
  const suppressed = checkIds("suppressAtBeginning(ids)", ids);
  checkOptions("suppressAtBeginning(ids, { afterForcedFirst })", options, ["afterForcedFirst"]);
  const { afterForcedFirst = false } = options;
  if (typeof afterForcedFirst !== "boolean") {
    throw new ConfigError(
      `afterForcedFirst of suppressAtBeginning(ids, { afterForcedFirst }) is true or false, got ${String(afterForcedFirst)}`,
      { afterForcedFirst },
    );
  }
  const name = `suppressAtBeginning(${listIds(suppressed)})`;
  return {
    name,
    apply(logits, { ids, promptLength = 0 }) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, suppressed, logits.length);
      const beginning = afterForcedFirst && promptLength <= 1 ? promptLength + 1 : promptLength;
      return ids.length === beginning ? without(logits, suppressed) : logits.slice();
    },
  };
}
