import type { Mask } from "@tenon/attention";
import { cast, denseMask, expand, max, reshape, scoped, type Tensor } from "@tenon/tensor";

/**
 * Which of the ids [b, t] are real tokens, bool [b, t]: those that a mask lets any token see. Padding is what nobody sees, at the end and in front.
 * Undefined where the mask hides nothing.
 */
export function realTokens(mask: Mask, { shape, backend }: Tensor): Tensor | undefined {
  return scoped(() => {
    const length = shape[1]!;
    const place = { queries: length, keys: length, queryOffset: 0, firstKey: 0 };
    const tensors: Tensor[] = [];
    const terms = mask.lower(tensors, { ...place, firstQuery: 0, backend });
    const seen = denseMask(terms, tensors, { ...place, on: backend }); // [t, s], or [b or 1, h or 1, t or 1, s]
    if (seen === undefined) return undefined;
    const [s, t, h = 1, b = 1] = seen.shape.toReversed();
    const whole = cast(reshape(seen, [b, h * (t ?? 1), s!]), "i32");
    return expand(cast(max(whole, 1), "bool"), shape);
  });
}
