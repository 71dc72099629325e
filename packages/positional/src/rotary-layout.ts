import { concat, reshape, rope, scoped, sizeOf, slice, transpose, type Tensor } from "@tenon/tensor";

/**
 * As the op `rope` does, but for pairs of neighbours, 2i and 2i + 1: x […, t, k], cos and sin [t, r / 2] → the shape of x. The elements are
 * put where `rope` looks for them, and back, so that its kernel serves this layout, too.
 */
export function turnInterleaved(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  const k = x.shape.at(-1)!;
  const half = cos.shape.at(-1)!;
  return scoped(() => {
    const pairs = 2 * half === k ? x : slice(x, -1, 0, 2 * half);
    const turned = regrouped(rope(regrouped(pairs, half, 2), cos, sin), 2, half);
    return 2 * half === k ? turned : concat([turned, slice(x, -1, 2 * half, k - 2 * half)], -1);
  });
}

/** The last axis as a matrix [rows, columns], transposed. */
function regrouped(x: Tensor, rows: number, columns: number): Tensor {
  const count = sizeOf(x.shape) / (rows * columns);
  return reshape(transpose(reshape(x, [count, rows, columns])), x.shape);
}
