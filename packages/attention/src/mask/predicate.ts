import { tensor } from "@tenon/tensor";

import type { Mask, MaskExtent } from "./mask.ts";

/**
 * A mask from a function of two positions: a query sees the keys for which it says `true`. With a cache, positions count from its
 * beginning. It is called on the host, for each pair once; all layers of a forward pass share what it said. Backends see a dense mask
 * [t, s]: prefer `causal` and `window`, which need no matrix, and join them with `all`.
 *
 * The function must depend on its arguments alone: what it said is remembered as long as the positions stay the same.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const prefix = predicate((query, key) => key < 3 || key <= query); // sees the first three, and what came before
 * console.log(attention.forward(zeros([1, 5, 8], on), { mask: prefix }).shape); // [ 1, 5, 8 ]
 * ```
 */
export function predicate(maySee: (query: number, key: number) => boolean): Mask {
  let known: { readonly at: Positions; readonly allowed: Uint8Array } | undefined;
  return {
    lower: (tensors, at) => {
      if (known === undefined || !same(known.at, at)) {
        const { backend: _, ...positions } = at;
        known = { at: positions, allowed: evaluate(maySee, at) };
      }
      const allowed = tensor(known.allowed, [at.queries, at.keys], at.backend, "bool");
      return [{ kind: "dense", input: tensors.push(allowed) - 1 }];
    },
  };
}

type Positions = Omit<MaskExtent, "backend">;
const same = (a: Positions, b: Positions): boolean =>
  a.queries === b.queries && a.keys === b.keys && a.queryOffset === b.queryOffset && a.firstKey === b.firstKey;

function evaluate(maySee: (query: number, key: number) => boolean, at: Positions): Uint8Array {
  const { queries, keys, queryOffset, firstKey } = at;
  const allowed = new Uint8Array(queries * keys);
  for (let i = 0; i < queries; i++)
    for (let key = 0; key < keys; key++) allowed[i * keys + key] = maySee(queryOffset + i, firstKey + key) ? 1 : 0;
  return allowed;
}
