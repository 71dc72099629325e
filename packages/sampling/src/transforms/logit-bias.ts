import { ConfigError } from "@tenon/tensor";
import { biased, checkBias, type SequenceBias } from "./biased.ts";
import type { LogitsTransform } from "./logits-transform.ts";
import { isId } from "./token-ids.ts";

/**
 * Adds a bias to the logits of some tokens: zᵢ + bᵢ. A bias of b makes token i exp(b) times as probable, compared with
 * the others; -Infinity excludes it.
 *
 * Throws `ConfigError` unless there is at least one bias, each from a token id to a finite number or -Infinity. Applying
 * it throws `ConfigError` for logits that cannot be chosen from, for an id outside of the vocabulary, and when a logit
 * leaves the range of float32.
 *
 * OpenAI 2021, "API reference: logit_bias".
 *
 * @example
 * ```ts
 * const logits = Float32Array.of(1, 2, 3);
 * console.log(logitBias({ 0: 4, 2: -Infinity }).apply(logits, { ids: [] })); // Float32Array(3) [ 5, 2, -Infinity ]
 * ```
 */
export function logitBias(biases: Readonly<Record<number, number>>): LogitsTransform {
  const entries = Object.entries(biases ?? {}).map(([id, bias]): SequenceBias => {
    if (isId(Number(id)) && String(Number(id)) === id) return [[Number(id)], checkBias("logitBias(biases)", bias)];
    throw new ConfigError(`logitBias(biases) names tokens by their ids, whole numbers of at least 0, got "${id}"`, {
      id,
    });
  });
  if (entries.length === 0)
    throw new ConfigError("logitBias(biases) needs at least one bias, such as { 50256: -2 }, got none");
  return biased(`logitBias(${entries.length} ${entries.length === 1 ? "id" : "ids"})`, entries);
}
