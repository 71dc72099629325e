import type { MaskTerm, Tensor } from "@tenon/tensor";

/**
 * Which keys each query may see, as data: terms that a kernel recognises without building a matrix. A mask of your own lowers to
 * a dense term, which any bool tensor is.
 *
 * @example
 * ```ts
 * // Only keys at even positions, for four keys.
 * const even = tensor([1, 0, 1, 0], [1, 4], cpu(), "bool");
 * const mask: Mask = { lower: (tensors) => [{ kind: "dense", input: tensors.push(even) - 1 }] };
 * ```
 */
export interface Mask {
  /** The conditions, all of which must hold; `true` means "may see". Appends the tensors that they refer to, by place, to `tensors`. */
  lower(tensors: Tensor[]): readonly MaskTerm[];
}
