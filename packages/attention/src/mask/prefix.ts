import { ConfigError, iota, maximum, reshape, tensor, type Tensor } from "@tenon/tensor";

import { expectCounts } from "./expect-counts.ts";
import { interval } from "./interval.ts";
import type { Mask } from "./mask.ts";

/**
 * A prefix that all see, and after it text in which each position sees those before: key < length or key ≤ query. What is given is read in both
 * directions, what is written in one. One length for all, or i32 [b], one for each sequence; 0 is `causal()`. Throws `ConfigError` for a length
 * that is no whole number from 0 up, and `DTypeError` or `ShapeError` for any other tensor.
 *
 * Under a cache the prefix must come in one pass, since its positions see those after them.
 *
 * Liu et al. 2018, "Generating Wikipedia by summarizing long sequences"; Dong et al. 2019, "Unified language model pre-training" (UniLM); Raffel
 * et al. 2020, "Exploring the limits of transfer learning" (T5), figure 4.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const y = attention.forward(zeros([1, 9, 8], on), { mask: prefix(3) });
 * ```
 */
export function prefix(length: number | Tensor): Mask {
  if (typeof length !== "number") expectCounts("prefix", "lengths", length);
  else if (!Number.isSafeInteger(length) || length < 0) {
    throw new ConfigError(`prefix: the length must be a whole number from 0 up, got ${length}`, { length });
  }
  return {
    lower: (tensors, at) => {
      const after = reshape(iota(at.queries, at.queryOffset + 1, at.backend), [1, at.queries]);
      const all = typeof length === "number" ? length : reshape(length, [length.shape[0]!, 1]);
      return [interval(tensors, tensor([0], [1, 1], at.backend, "i32"), maximum(after, all), at)];
    },
  };
}
