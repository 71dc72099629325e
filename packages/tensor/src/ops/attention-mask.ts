import type { Backend } from "../backend.ts";
import type { Tensor } from "../tensor.ts";
import { sub } from "./arithmetic.ts";
import { both, less, lessOrEqual } from "./compare.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";
import { iota } from "./source.ts";

/**
 * One condition on which keys a query may see; a list of them is a conjunction. Data, so that a graph prints it and a kernel
 * recognises it without building a matrix. `input` names one of the op's mask tensors by its place.
 * - causal: key position ≤ query position
 * - window: key position > query position − size
 * - lengths: key position < lengths[b], i32 [b]
 * - interval: first ≤ key position < end, for each query its own [first, end], i32 [b or 1, t, 2], whatever the query's position is. Left
 *   padding, documents packed into one sequence, a prefix seen by all, a band: rules of two numbers a query, where a matrix has s. `uniform` says
 *   that all queries of a sequence have the same two, as with padding, for attention without scores, which can hide a key from all or from none.
 * - dense: a bool tensor that broadcasts to [b, h, t, s]
 */
export type MaskTerm =
  | { readonly kind: "causal" }
  | { readonly kind: "window"; readonly size: number }
  | { readonly kind: "lengths"; readonly input: number }
  | { readonly kind: "interval"; readonly input: number; readonly uniform?: true }
  | { readonly kind: "dense"; readonly input: number };

/**
 * The terms of a mask as one bool tensor that broadcasts to [b, h, t, s], with t = `queries` and s = `keys`; undefined for no terms,
 * which allow everything. `tensors` are those that the terms name, `queryOffset` is the position of the first query and `firstKey`
 * that of the first key, 0 by default.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const at = { queries: 2, keys: 3, queryOffset: 1, on: cpu() };
 * console.log(await denseMask([{ kind: "causal" }], [], at)!.read()); // Uint8Array(6) [ 1, 1, 0, 1, 1, 1 ]
 * ```
 */
export function denseMask(
  terms: readonly MaskTerm[],
  tensors: readonly Tensor[],
  at: {
    readonly queries: number;
    readonly keys: number;
    readonly queryOffset: number;
    readonly firstKey?: number;
    readonly on: Backend;
  },
): Tensor | undefined {
  if (terms.length === 0) return undefined;
  const key = reshape(iota(at.keys, at.firstKey ?? 0, at.on), [1, at.keys]);
  const query = reshape(iota(at.queries, at.queryOffset, at.on), [at.queries, 1]);
  const one = (term: MaskTerm): Tensor => {
    switch (term.kind) {
      case "causal":
        return lessOrEqual(key, query);
      case "window":
        return less(sub(query, term.size), key);
      case "lengths": {
        const lengths = tensors[term.input]!;
        return less(reshape(key, [1, 1, 1, at.keys]), reshape(lengths, [lengths.shape[0]!, 1, 1, 1]));
      }
      case "interval": {
        const ends = tensors[term.input]!;
        const [first, end] = [0, 1].map((i) => reshape(slice(ends, 2, i, 1), [ends.shape[0]!, 1, at.queries, 1]));
        return both(lessOrEqual(first!, key), less(key, end!));
      }
      case "dense":
        return tensors[term.input]!;
    }
  };
  return terms.map(one).reduce((a, b) => both(a, b));
}
