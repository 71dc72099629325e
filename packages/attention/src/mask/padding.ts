import { maximum, sub, type Tensor } from "@tenon/tensor";

import { expectCounts } from "./expect-counts.ts";
import type { Mask } from "./mask.ts";

/**
 * Sequences of different lengths in one batch, padded at the end: in sequence i only the first lengths[i] keys are seen. What the
 * padding contains then changes nothing. lengths: i32 [b]. Throws `DTypeError` or `ShapeError` for anything else. For padding in front see
 * `leftPadding`.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const lengths = tensor([5, 3], [2], on, "i32");
 * const y = attention.forward(zeros([2, 5, 8], on), { mask: padding(lengths) });
 * ```
 */
export function padding(lengths: Tensor): Mask {
  expectCounts("padding", "lengths", lengths);
  return {
    lower: (tensors, { firstKey }) => {
      const left = firstKey === 0 ? lengths : maximum(sub(lengths, firstKey), 0);
      return [{ kind: "lengths", input: tensors.push(left) - 1 }];
    },
  };
}
