import type { Extent } from "@tenon/positional";
import { both, ConfigError, iota, less, reshape, type Tensor } from "@tenon/tensor";

import type { Mask } from "../mask/mask.ts";

/**
 * Which keys of a pass are no padding, [b, 1, t, 1], for attention that has no scores; undefined where all are. Throws `ConfigError` for a mask that
 * asks for more than that.
 */
export function realKeys(mask: Mask | undefined, extent: Extent, causal: boolean): Tensor | undefined {
  const { offset, length, backend } = extent;
  const tensors: Tensor[] = [];
  const terms =
    mask?.lower(tensors, {
      queries: length,
      keys: offset + length,
      queryOffset: offset,
      firstKey: 0,
      firstQuery: 0,
      backend,
    }) ?? [];
  const known: Tensor[] = [];
  for (const term of terms) {
    if (term.kind === "causal" && causal) continue;
    if (term.kind !== "lengths") throw refused(term.kind);
    const lengths = tensors[term.input]!;
    const place = reshape(iota(length, offset, backend), [1, 1, length, 1]);
    known.push(less(place, reshape(lengths, [lengths.shape[0]!, 1, 1, 1])));
  }
  return known.length === 0 ? undefined : known.reduce((a, b) => both(a, b));
}

function refused(kind: string): ConfigError {
  const way =
    kind === "causal"
      ? "make the attention with causal: true"
      : "take padding(lengths), which it can honour, or another attention, such as MultiHeadAttention";
  return new ConfigError(
    `LinearAttention: it forms no scores that a mask of the kind "${kind}" could work on; ${way}`,
    { kind },
  );
}
