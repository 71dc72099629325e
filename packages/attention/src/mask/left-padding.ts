import { reshape, Tensor, tensor } from "@tenon/tensor";

import { expectCounts } from "./expect-counts.ts";
import { interval } from "./interval.ts";
import type { Mask } from "./mask.ts";

/**
 * Sequences of different lengths in one batch, padded in front so that all end together, as for generating text: in sequence i the first
 * paddings[i] keys are hidden. What the padding contains then changes nothing, and its own queries see nothing under `causal()`. paddings: i32
 * [b], the same for every step of a text, or numbers, of which a tensor is made when one is needed. Throws `DTypeError` or `ShapeError` for another tensor.
 *
 * Positions that count from the first real token are `positionsAfterPadding` of `@tenon/positional`.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const paddings = tensor([0, 2], [2], on, "i32");
 * const y = attention.forward(zeros([2, 5, 8], on), { mask: all(causal(), leftPadding(paddings)) });
 * ```
 */
export function leftPadding(paddings: Tensor | readonly number[]): Mask {
  if (paddings instanceof Tensor) expectCounts("leftPadding", "paddings", paddings);
  return {
    lower: (tensors, at) => {
      const end = tensor([at.firstKey + at.keys], [1, 1], at.backend, "i32");
      const begin =
        paddings instanceof Tensor
          ? reshape(paddings, [paddings.shape[0]!, 1])
          : tensor(paddings, [paddings.length, 1], at.backend, "i32");
      return [{ ...interval(tensors, begin, end, at), uniform: true }];
    },
  };
}
