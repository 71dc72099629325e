import { ConfigError } from "@tenon/tensor";
import { biased, type SequenceBias } from "./biased.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { checkIds } from "./token-ids.ts";

/**
 * Keeps sequences of ids from being generated: the last id of one is excluded wherever the others have just come, in the
 * prompt or what was generated. A sequence of one id is never generated at all.
 *
 * A word has other ids after a space, at the beginning of a text and with a capital: give every form of it.
 *
 * Throws `ConfigError` unless there is at least one sequence, each of at least one id. Applying it throws `ConfigError`
 * for logits that cannot be chosen from, and for an id outside of the vocabulary.
 *
 * `NoBadWordsLogitsProcessor` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * const clean = badWords([[0, 1], [2]]);
 * console.log(clean.apply(Float32Array.of(5, 6, 7), { ids: [0] })); // Float32Array(3) [ 5, -Infinity, -Infinity ]
 * console.log(clean.apply(Float32Array.of(5, 6, 7), { ids: [1] })); // Float32Array(3) [ 5, 6, -Infinity ]
 * ```
 */
export function badWords(sequences: readonly (readonly number[])[]): LogitsTransform {
  if (!Array.isArray(sequences) || sequences.length === 0)
    throw new ConfigError("badWords(sequences) needs a list of at least one sequence of ids, such as [[17, 4], [23]]", {
      sequences,
    });
  const entries = sequences.map((sequence): SequenceBias => [
    checkIds("a sequence of badWords(sequences)", sequence),
    -Infinity,
  ]);
  return biased(`badWords(${entries.length} ${entries.length === 1 ? "sequence" : "sequences"})`, entries);
}
