import type { Extent } from "@tenon/positional";
import { both, ConfigError, iota, less, lessOrEqual, reshape, ShapeError, slice, type Tensor } from "@tenon/tensor";

import type { Mask } from "../mask/mask.ts";
import { sharedMask } from "./shared-mask.ts";

/** How a pass of linear attention is masked. */
export interface RealKeysOptions {
  readonly mask: Mask | undefined;
  /** How many sequences there are, b. */
  readonly batch: number;
  readonly extent: Extent;
  /** Does each query see no key after it, whatever the mask says? */
  readonly causal: boolean;
}

/**
 * Which keys of a pass are no padding, [b or 1, 1, t, 1], for attention that has no scores; undefined where all are. Throws `ConfigError` for a mask
 * that asks for more than that, and `ShapeError` where it is of another batch.
 */
export function realKeys({ mask, batch, extent, causal }: RealKeysOptions): Tensor | undefined {
  const { offset, length, backend } = extent;
  const tensors: Tensor[] = [];
  const terms =
    sharedMask(mask, extent)?.lower(tensors, {
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
    const isUniform = term.kind === "interval" && term.uniform === true;
    if (term.kind !== "lengths" && !isUniform) throw refused(term.kind);
    const numbers = tensors[term.input]!;
    const rows = numbers.shape[0]!;
    if (rows !== batch && !(isUniform && rows === 1)) throw otherBatch(batch, rows);
    const place = reshape(iota(length, offset, backend), [1, 1, length, 1]);
    const broadcast = (x: Tensor): Tensor => reshape(x, [rows, 1, 1, 1]);
    if (isUniform) {
      const [first, end] = [0, 1].map((i) => broadcast(slice(slice(numbers, 1, 0, 1), 2, i, 1))) as [Tensor, Tensor];
      known.push(lessOrEqual(first, place), less(place, end));
    } else {
      known.push(less(place, broadcast(numbers)));
    }
  }
  return known.length === 0 ? undefined : known.reduce((a, b) => both(a, b));
}

const otherBatch = (batch: number, rows: number): ShapeError =>
  new ShapeError(`LinearAttention: x has ${batch} sequences, the mask ${rows}; give the mask a number for each`, {
    batch,
    rows,
  });

function refused(kind: string): ConfigError {
  const way =
    kind === "causal"
      ? "make the attention with causal: true"
      : "take padding(lengths) or leftPadding(paddings), which it can honour, or another attention, such as MultiHeadAttention";
  return new ConfigError(
    `LinearAttention: it forms no scores that a mask of the kind "${kind}" could work on; ${way}`,
    { kind },
  );
}
