import type { Mask } from "./mask.ts";

/**
 * Several masks at once: a query sees a key where all of them allow it. None at all allow everything.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const lengths = tensor([5, 3], [2], on, "i32");
 * const y = attention.forward(zeros([2, 5, 8], on), { mask: all(causal(), padding(lengths)) });
 * ```
 */
export function all(...masks: readonly Mask[]): Mask {
  return { lower: (tensors, at) => masks.flatMap((mask) => mask.lower(tensors, at)) };
}
