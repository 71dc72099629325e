import { ConfigError } from "@tenon/tensor";
import { biased, checkBias, type SequenceBias } from "./biased.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { checkIds } from "./token-ids.ts";

/**
 * Adds a bias to the last token of a sequence wherever the others have just come, in the prompt or what was generated: a
 * word of several tokens becomes more or less probable without its tokens becoming so elsewhere. The bias of a sequence
 * of one token always applies. Biases of one token add up; -Infinity excludes it.
 *
 * Throws `ConfigError` unless there is at least one sequence, each of at least one id, none twice, and each bias is a
 * finite number or -Infinity. Applying it throws `ConfigError` for logits that cannot be chosen from, for an id outside
 * of the vocabulary, and when a logit leaves the range of float32.
 *
 * `SequenceBiasLogitsProcessor` of Hugging Face transformers.
 *
 * @example
 * ```ts
 * const bias = sequenceBias([[[0, 1], 5], [[2], -1]]);
 * console.log(bias.apply(Float32Array.of(1, 1, 1), { ids: [2, 0] })); // Float32Array(3) [ 1, 6, 0 ]
 * console.log(bias.apply(Float32Array.of(1, 1, 1), { ids: [0, 2] })); // Float32Array(3) [ 1, 1, 0 ]
 * ```
 */
export function sequenceBias(biases: readonly SequenceBias[]): LogitsTransform {
  if (!Array.isArray(biases) || biases.length === 0 || !biases.every(isPair)) {
    throw new ConfigError(
      "sequenceBias(biases) needs a list of at least one pair of a sequence and its bias, such as [[[17, 4], -2]]",
      { biases },
    );
  }
  const entries = biases.map(([sequence, bias]): SequenceBias => [
    checkIds("a sequence of sequenceBias(biases)", sequence),
    checkBias("sequenceBias(biases)", bias),
  ]);
  const seen = new Set<string>();
  for (const key of entries.map(([sequence]) => sequence.join(", "))) {
    if (seen.has(key))
      throw new ConfigError(`sequenceBias(biases) has two biases for the sequence [${key}]. Keep one.`);
    seen.add(key);
  }
  return biased(`sequenceBias(${entries.length} ${entries.length === 1 ? "sequence" : "sequences"})`, entries);
}

const isPair = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2;
