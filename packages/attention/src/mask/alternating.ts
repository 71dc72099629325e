import { ConfigError } from "@tenon/tensor";

import type { Mask } from "./mask.ts";

/**
 * Patterns that take turns by layer, for attention that is dense in one layer and local in the next: layer i has the pattern i mod n. `undefined` is
 * a turn without a pattern of its own.
 * Throws `ConfigError` where no pattern is given.
 *
 * Child et al. 2019, "Generating long sequences with sparse transformers"; Brown et al. 2020, "Language models are few-shot learners" (GPT-3).
 *
 * @example
 * ```ts
 * const pattern = alternating(undefined, window(4)); // dense, banded, dense, …
 * const layers = [0, 1, 2].map(
 *   (layer) => new MultiHeadAttention({ width: 8, heads: 2, variant: { mask: pattern(layer) }, random: random(layer) }),
 * );
 * console.log(layers.map(({ mask }) => (mask === undefined ? "dense" : "banded"))); // [ 'dense', 'banded', 'dense' ]
 * ```
 */
export function alternating(...patterns: readonly (Mask | undefined)[]): (layer: number) => Mask | undefined {
  if (patterns.length === 0) throw new ConfigError("alternating: no pattern was given; name one for each turn");
  return (layer) => patterns[layer % patterns.length];
}
