import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import type { Mask } from "./mask.ts";
import { predicate } from "./predicate.ts";

/**
 * The strided pattern of the Sparse Transformer: each query sees the last `stride` positions before it, and before those every `stride`-th one,
 * key ≥ query − stride or (query − key) mod stride = 0, among key ≤ query. For data with rows of that length, such as images. Throws
 * `ConfigError` unless the stride is a whole number from 1 up.
 *
 * The union of both attention heads' patterns, which the paper calls merged. It lowers to a dense mask [t, s], which hides but saves no work.
 *
 * Child, Gray, Radford and Sutskever 2019, "Generating long sequences with sparse transformers", section 4.2.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const y = attention.forward(zeros([1, 16, 8], on), { mask: stridedSparse(4) });
 * ```
 */
export function stridedSparse(stride: number): Mask {
  expectSize("stridedSparse", "stride", stride);
  return predicate((query, key) => key <= query && (key >= query - stride || (query - key) % stride === 0));
}

/**
 * The fixed pattern of the Sparse Transformer: the text is cut into blocks of `block` positions; each query sees those of its own block, and the
 * last `summary` of every block, ⌊key / block⌋ = ⌊query / block⌋ or key mod block ≥ block − summary, among key ≤ query. For text. Throws
 * `ConfigError` unless both are whole numbers from 1 up and the summary is no longer than the block.
 *
 * The union of both attention heads' patterns, which the paper calls merged. It lowers to a dense mask [t, s], which hides but saves no work.
 *
 * Child, Gray, Radford and Sutskever 2019, "Generating long sequences with sparse transformers", section 4.2.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const y = attention.forward(zeros([1, 16, 8], on), { mask: fixedSparse(8, 2) });
 * ```
 */
export function fixedSparse(block: number, summary: number): Mask {
  expectSize("fixedSparse", "block", block);
  expectSize("fixedSparse", "summary", summary);
  if (summary > block) {
    throw new ConfigError(
      `fixedSparse: a summary of ${summary} does not fit a block of ${block}; choose 1 to ${block}`,
      {
        block,
        summary,
      },
    );
  }
  return predicate(
    (query, key) =>
      key <= query && (Math.floor(key / block) === Math.floor(query / block) || key % block >= block - summary),
  );
}
