import { tensor } from "@tenon/tensor";

import type { Mask } from "./mask.ts";
import { perExtent } from "./per-extent.ts";

/**
 * A mask from a function of two positions: a query sees the keys for which it says `true`. With a cache, positions count from its
 * beginning. It is called on the host, for each pair once; all layers of a forward pass share what it said. Backends see a dense mask
 * of shape [t, s]: prefer `causal`, `window` and `local`, which need no matrix, and join them with `all`.
 *
 * The function must depend on its arguments alone: what it said is remembered as long as the positions stay the same.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }).to(on);
 * const dilated = predicate((query, key) => (query - key) % 2 === 0); // sees every other position
 * console.log(attention.forward(zeros([1, 5, 8], on), { mask: dilated }).shape); // [ 1, 5, 8 ]
 * ```
 */
export function predicate(maySee: (query: number, key: number) => boolean): Mask {
  const allowed = perExtent(({ queries, keys, queryOffset, firstKey }) => {
    const pairs = new Uint8Array(queries * keys);
    for (let i = 0; i < queries; i++)
      for (let key = 0; key < keys; key++) pairs[i * keys + key] = maySee(queryOffset + i, firstKey + key) ? 1 : 0;
    return pairs;
  });
  return {
    lower: (tensors, at) => {
      const made = tensor(allowed(at), [at.queries, at.keys], at.backend, "bool");
      return [{ kind: "dense", input: tensors.push(made) - 1 }];
    },
  };
}
