import { not as complement, tensor, type MaskTerm, type Tensor } from "@tenon/tensor";

import { lowered } from "./lowered.ts";
import type { Mask, MaskExtent } from "./mask.ts";

/**
 * The opposite of a mask: a query sees the keys that the mask hides. The mask becomes one dense tensor that broadcasts to [b, h, t, s], made by
 * ops once for all layers of a pass. `not(not(mask))` is the mask itself.
 *
 * @example
 * ```ts
 * // Everything but its own position.
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const itself = all(causal(), window(1));
 * const y = attention.forward(zeros([2, 5, 8], on), { mask: not(itself) });
 * ```
 */
export function not(mask: Mask): Mask {
  return mask instanceof Not ? mask.of : new Not(mask);
}

class Not implements Mask {
  readonly of: Mask;
  constructor(of: Mask) {
    this.of = of;
  }
  lower(tensors: Tensor[], at: MaskExtent): MaskTerm[] {
    const hidden = lowered(this.of, at);
    const allowed = hidden === undefined ? tensor([0], [1, 1], at.backend, "bool") : complement(hidden);
    return [{ kind: "dense", input: tensors.push(allowed) - 1 }];
  }
}
