import { either, tensor, type Tensor } from "@tenon/tensor";

import { lowered } from "./lowered.ts";
import type { Mask } from "./mask.ts";

/**
 * One of several masks: a query sees a key where any of them allows it. None at all allow nothing. The masks become one dense tensor that
 * broadcasts to [b, h, t, s], made by ops once for all layers of a pass: where a mask has a kind of its own, such as `prefix` or `local`, that costs less.
 *
 * @example
 * ```ts
 * // Local attention in which the first position is global (Beltagy et al. 2020, "Longformer").
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const toFirst = predicate((query, key) => query === 0 || key === 0);
 * const y = attention.forward(zeros([2, 9, 8], on), { mask: any(local(2), toFirst) });
 * ```
 */
export function any(...masks: readonly Mask[]): Mask {
  if (masks.length === 1) return masks[0]!;
  return {
    lower: (tensors, at) => {
      const seen: Tensor[] = [];
      for (const mask of masks) {
        const allowed = lowered(mask, at);
        if (allowed === undefined) return []; // it allows everything
        seen.push(allowed);
      }
      const allowed = seen.length === 0 ? tensor([0], [1, 1], at.backend, "bool") : seen.reduce(either);
      return [{ kind: "dense", input: tensors.push(allowed) - 1 }];
    },
  };
}
