import type { Extent } from "@tenon/positional";
import type { MaskTerm, Tensor } from "@tenon/tensor";

import type { Mask, MaskExtent } from "../mask/mask.ts";

/**
 * The mask of a pass, lowered once for all layers whose queries and keys lie at the same places: what it builds and uploads is the same for them,
 * and belongs to the extent.
 */
export function sharedMask(mask: Mask | undefined, extent: Extent): Mask | undefined {
  return mask && { lower: (tensors, at) => sharedTerms(mask, extent, tensors, at) };
}

function sharedTerms(mask: Mask, extent: Extent, tensors: Tensor[], at: MaskExtent): readonly MaskTerm[] {
  const { queries, keys, queryOffset, firstKey, firstQuery } = at;
  const { terms, named } = extent.once(
    mask,
    () => {
      const named: Tensor[] = [];
      return { terms: mask.lower(named, at), named };
    },
    [queries, keys, queryOffset, firstKey, firstQuery].join(),
  );
  const before = tensors.length;
  tensors.push(...named);
  return terms.map((term) => ("input" in term ? { ...term, input: term.input + before } : term));
}
