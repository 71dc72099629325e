import { ConfigError } from "@tenon/tensor";
import { checkLogits } from "./check-logits.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { checkVocabulary, isId, only } from "./token-ids.ts";

/**
 * Forces the token that follows the start token, the second of the whole sequence: what a multilingual translator takes
 * as the language to write in. Where the prompt has two tokens or more, that one is written already and nothing is
 * forced; `forceAt({ 0: id })` forces the first generated token after any prompt.
 *
 * Throws `ConfigError` unless it is given a token id. Applying it throws `ConfigError` for logits that cannot be chosen
 * from, and for an id outside of the vocabulary.
 *
 * Tang, Tran, Li, Chen, Goyal, Chaudhary, Gu and Fan 2020, "Multilingual translation with extensible multilingual
 * pretraining and finetuning"; `ForcedBOSTokenLogitsProcessor` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * const begin = forceFirst(1);
 * console.log(begin.apply(Float32Array.of(3, 2), { ids: [0] })); // Float32Array(2) [ -Infinity, 0 ]
 * console.log(begin.apply(Float32Array.of(3, 2), { ids: [0, 1] })); // Float32Array(2) [ 3, 2 ]
 * ```
 */
export function forceFirst(id: number): LogitsTransform {
  if (!isId(id))
    throw new ConfigError(`forceFirst(id) needs a token id, a whole number of at least 0, got ${String(id)}`, { id });
  const name = `forceFirst(${id})`;
  return {
    name,
    apply(logits, { ids }) {
      checkLogits(logits, `the logits given to ${name}`);
      checkVocabulary(name, [id], logits.length);
      return ids.length === 1 ? only([id], logits.length) : logits.slice();
    },
  };
}
