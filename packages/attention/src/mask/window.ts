import { expectSize } from "@tenon/nn";

import type { Mask } from "./mask.ts";

/**
 * Each query sees no further back than `size` positions, its own among them: key position > query position − size. Join it with
 * `causal()` for a sliding window (Beltagy et al. 2020, "Longformer"). Throws `ConfigError` unless the size is a whole number
 * from 1 up.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const y = attention.forward(zeros([1, 9, 8], on), { mask: all(causal(), window(4)) });
 * ```
 */
export function window(size: number): Mask {
  expectSize("window", "size", size);
  return { lower: () => [{ kind: "window", size }] };
}
