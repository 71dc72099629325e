import type { Backend, MaskTerm, Tensor } from "@tenon/tensor";

/** Which queries meet which keys, and where: query i is at place `queryOffset` + i of the text, key j at place `firstKey` + j. */
export interface MaskExtent {
  /** How many queries, t. */
  readonly queries: number;
  /** How many keys count, s. */
  readonly keys: number;
  /** The place of the first query in the text. */
  readonly queryOffset: number;
  /** The place of the first key in the text: 0, unless a cache has dropped what is far behind. */
  readonly firstKey: number;
  /** Which of the pass's queries is the first: 0, unless long attention takes a few at a time. */
  readonly firstQuery: number;
  /** Where the queries live, and a mask's tensors must be of use. */
  readonly backend: Backend;
}

/**
 * Which keys each query may see, as data: terms that a kernel recognises without building a matrix. A mask of your own lowers to
 * a dense term, which any bool tensor is; {@link predicate} makes one from a function.
 *
 * @example
 * ```ts
 * // Only keys at even positions, for four keys.
 * const even = tensor([1, 0, 1, 0], [1, 4], cpu(), "bool");
 * const mask: Mask = { lower: (tensors) => [{ kind: "dense", input: tensors.push(even) - 1 }] };
 * console.log(mask.lower([], { queries: 1, keys: 4, queryOffset: 3, firstKey: 0, firstQuery: 0, backend: cpu() })); // [ { kind: 'dense', input: 0 } ]
 * ```
 */
export interface Mask {
  /**
   * The conditions, all of which must hold; `true` means "may see". Appends the tensors that they refer to, by place, to `tensors`.
   * Layers that share the extent of a forward pass share what it gives.
   */
  lower(tensors: Tensor[], at: MaskExtent): readonly MaskTerm[];
}
