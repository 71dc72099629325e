import { DTypeError, type Tensor } from "@tenon/tensor";

import type { Mask } from "./mask.ts";

/**
 * Any mask at all: bool, `true` where a query may see a key, broadcast to [b, h, t, s]. Throws `DTypeError` unless it is bool.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const allowed = tensor([1, 0, 1, 1], [1, 1, 2, 2], on, "bool");
 * const y = attention.forward(zeros([1, 2, 8], on), { mask: dense(allowed) });
 * ```
 */
export function dense(allowed: Tensor): Mask {
  if (allowed.dtype !== "bool") {
    throw new DTypeError(`dense: the mask must be bool, true where a query may see a key; got ${allowed.dtype}`, {
      expected: "bool",
      actual: allowed.dtype,
    });
  }
  return { lower: (tensors) => [{ kind: "dense", input: tensors.push(allowed) - 1 }] };
}
