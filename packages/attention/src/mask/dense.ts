import { DTypeError, ShapeError, slice, type Tensor } from "@tenon/tensor";

import type { Mask, MaskExtent } from "./mask.ts";

/**
 * Any mask at all: bool, `true` where a query may see a key, broadcast to [b, h, t, s]: a row for each query of the pass, and a column for each
 * token of the text so far, those in a cache included. Throws `DTypeError` unless it is bool, and a forward pass `ShapeError` where the rows or
 * columns are not as many as that.
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
  return {
    lower: (tensors, at) => [{ kind: "dense", input: tensors.push(ofQueries(ofKeys(allowed, at), at)) - 1 }],
  };
}

/** The columns of the keys that a cache still holds. */
function ofKeys(allowed: Tensor, { keys, firstKey }: MaskExtent): Tensor {
  const columns = allowed.shape.at(-1) ?? 1;
  if (columns === 1) return allowed;
  expectSame(allowed, "columns", columns, "tokens in the text so far", firstKey + keys);
  return firstKey === 0 ? allowed : slice(allowed, -1, firstKey, keys);
}

/** The rows of the queries whose turn it is. */
function ofQueries(allowed: Tensor, { queries, keys, firstKey, queryOffset, firstQuery }: MaskExtent): Tensor {
  const rows = allowed.shape.at(-2) ?? 1;
  if (rows === 1 || (rows === queries && firstQuery === 0)) return allowed;
  // All queries of the pass are the last of the text; where some take turns, these are a part of them.
  const pass = Math.max(queries, firstKey + keys - (queryOffset - firstQuery));
  expectSame(allowed, "rows", rows, "queries", pass);
  return slice(allowed, -2, firstQuery, queries);
}

function expectSame({ shape }: Tensor, what: string, count: number, of: string, expected: number): void {
  if (count === expected) return;
  throw new ShapeError(
    `dense: the mask [${shape.join(", ")}] has ${count} ${what}, and there are ${expected} ${of}; make a mask for each forward pass`,
    { shape, [what]: count, expected },
  );
}
