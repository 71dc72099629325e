import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import { largest } from "./largest.ts";
import type { LogitsTransform } from "./logits-transform.ts";

/**
 * Keeps the k largest logits and excludes the rest. Exactly k stay, or all if there are not more than k: of equal
 * logits those with the smaller ids.
 *
 * Throws `ConfigError` unless k is a whole number of at least 1. Applying it throws `ConfigError` for logits that
 * cannot be chosen from.
 *
 * Fan, Lewis and Dauphin 2018, "Hierarchical neural story generation".
 *
 * @example
 * ```ts
 * console.log(topK(2).apply(Float32Array.of(1, 3, 0, 3), { ids: [] })); // Float32Array(4) [ -Infinity, 3, -Infinity, 3 ]
 * ```
 */
export function topK(k: number): LogitsTransform {
  if (!Number.isSafeInteger(k) || k < 1)
    throw new ConfigError(`topK(k) needs a whole number k of at least 1, got ${k}`, { k });
  const name = `topK(${k})`;
  return {
    name,
    forSampling: true,
    apply(logits) {
      checkLogits(logits, `the logits given to ${name}`);
      if (k >= logits.length) return logits.slice();
      const kept = new Float32Array(logits.length).fill(-Infinity);
      for (const id of largest(logits, k)) kept[id] = logits[id]!;
      return kept;
    },
  };
}
