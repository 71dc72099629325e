import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { endsAt } from "./ends-at.ts";
import type { LogitsTransform } from "./logits-transform.ts";

/**
 * Excludes every token that would complete an n-gram which is there already, in the prompt or what was generated. n = 1
 * excludes every token that was there.
 *
 * Throws `ConfigError` unless n is a whole number of at least 1. Applying it throws `ConfigError` for logits that cannot
 * be chosen from.
 *
 * Paulus, Xiong and Socher 2017, "A deep reinforced model for abstractive summarization".
 *
 * @example
 * ```ts
 * const context = { ids: [0, 1, 2, 0, 1] };
 * console.log(noRepeatNGram(3).apply(Float32Array.of(5, 6, 7), context)); // Float32Array(3) [ 5, 6, -Infinity ]
 * ```
 */
export function noRepeatNGram(n: number): LogitsTransform {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new ConfigError(`noRepeatNGram(n) needs a whole number n of at least 1, got ${n}`, { n });
  const name = `noRepeatNGram(${n})`;
  return {
    name,
    apply(logits, { ids }) {
      checkLogits(logits, `the logits given to ${name}`);
      const rest = logits.slice();
      if (ids.length < n) return rest;
      const begun = ids.slice(ids.length - n + 1);
      for (let last = n - 1; last < ids.length; last++) if (endsAt(ids, last, begun)) rest[ids[last]!] = -Infinity;
      return rest;
    },
  };
}
