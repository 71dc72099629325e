import type { Mask } from "./mask.ts";

/**
 * Each query sees its own position and those before it: key position ≤ query position. With a cache, positions count from its
 * beginning. A decoder's mask.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const y = attention.forward(zeros([2, 5, 8], on), { mask: causal() });
 * ```
 */
export function causal(): Mask {
  return { lower: () => [{ kind: "causal" }] };
}
