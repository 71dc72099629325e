import { ConfigError, iota, reshape, type Tensor } from "@tenon/tensor";

import { all } from "./all.ts";
import { causal } from "./causal.ts";
import { interval } from "./interval.ts";
import type { Mask } from "./mask.ts";
import { window } from "./window.ts";

/**
 * A band around the diagonal: each query sees its own position, `before` positions before it and `after` after it, by default as many, so that
 * an encoder's cost grows with the length of the text alone. `local(n − 1, 0)` is `all(causal(), window(n))`, the locally banded attention of
 * decoders such as GPT-3's. Throws `ConfigError` unless both are whole numbers from 0 up.
 *
 * Beltagy, Peters and Cohan 2020, "Longformer: the long-document transformer", where a window w is `local(w / 2)`; Warner et al. 2024, "Smarter,
 * better, faster, longer: a modern bidirectional encoder" (ModernBERT: 128, so `local(64)`).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const y = attention.forward(zeros([1, 9, 8], on), { mask: local(2) }); // five positions each
 * ```
 */
export function local(before: number, after: number = before): Mask {
  expectCount("before", before);
  expectCount("after", after);
  if (after === 0) return all(causal(), window(before + 1));
  return {
    lower: (tensors, at) => {
      const from = (place: number): Tensor => reshape(iota(at.queries, place, at.backend), [1, at.queries]);
      return [interval(tensors, from(at.queryOffset - before), from(at.queryOffset + after + 1), at)];
    },
  };
}

function expectCount(option: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new ConfigError(`local: ${option} must be a whole number from 0 up, got ${value}`, { option, value });
}
