import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { show, sizeOf, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectDType, expectFloat } from "./operand.ts";

/** Which operands are read with their last two axes swapped. */
export type MatmulAttrs = { transposeA: boolean; transposeB: boolean };

function product([a, b]: readonly [a: TensorType, b: TensorType], { transposeA, transposeB }: MatmulAttrs): TensorType {
  const dtype = expectFloat("matmul", a, "the first input");
  expectDType("matmul", b, dtype, "the second input");
  const rank = a.shape.length;
  const fail = (why: string): never => {
    throw new ShapeError(
      `matmul: ${show(a.shape)}${transposeA ? "ᵀ" : ""} × ${show(b.shape)}${transposeB ? "ᵀ" : ""}: ${why}`,
      { a: a.shape, b: b.shape, transposeA, transposeB },
    );
  };
  if (rank < 2 || b.shape.length !== rank)
    fail("both need the same number of axes, at least 2; reshape() or expand() one");
  const [m, inner] = transposeA ? [a.shape[rank - 1]!, a.shape[rank - 2]!] : [a.shape[rank - 2]!, a.shape[rank - 1]!];
  const [other, n] = transposeB ? [b.shape[rank - 1]!, b.shape[rank - 2]!] : [b.shape[rank - 2]!, b.shape[rank - 1]!];
  if (inner !== other) fail(`the inner sizes ${inner} and ${other} differ`);
  for (let i = 0; i < rank - 2; i++)
    if (a.shape[i] !== b.shape[i]) fail(`the batch sizes differ at axis ${i}; expand() one`);
  return { dtype, shape: [...a.shape.slice(0, -2), m, n] };
}

export const matmulOp: Primitive<[a: Tensor, b: Tensor], MatmulAttrs> = {
  kind: "primitive",
  name: "matmul",
  saves: "inputs",
  infer: product,
  flops: ([a], y, { transposeA }) => 2 * sizeOf(y.shape) * a.shape.at(transposeA ? -2 : -1)!,
  gradient: ({ inputs: [a, b], upstream: g, attrs: { transposeA, transposeB } }) => [
    () =>
      transposeA
        ? matmul(b, g, { transposeA: transposeB, transposeB: true })
        : matmul(g, b, { transposeB: !transposeB }),
    () =>
      transposeB
        ? matmul(g, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, g, { transposeA: !transposeA }),
  ],
};

/**
 * The matrix product Σₚ a[…, i, p] · b[…, p, j] over the last two axes, for each index of the axes before them: a […, m, p] and b […, p, n]
 * → […, m, n]. A transpose flag reads that operand with its last two axes swapped, at no cost: [b, h, t, k] and [b, h, s, k] with
 * `transposeB` → [b, h, t, s]. f32, f16 or bf16, the same on both sides.
 *
 * Nothing broadcasts: both have the same axes before the last two. Throws `ShapeError` where axes or sizes differ and for fewer than two
 * axes, and `DTypeError` for other dtypes and for two of them.
 *
 * Gradient: upstream · bᵀ to a and aᵀ · upstream to b, transposed where the flags say so.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const a = tensor([1, 2, 3, 4], [2, 2], on);
 * const b = tensor([1, 0, 2, 1], [2, 2], on);
 * console.log(await matmul(a, b).read()); // Float32Array(4) [ 5, 2, 11, 4 ]
 * console.log(await matmul(a, b, { transposeB: true }).read()); // Float32Array(4) [ 1, 4, 3, 10 ]
 * ```
 */
export function matmul(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: Partial<MatmulAttrs> = {},
): Tensor {
  return apply(matmulOp, [a, b], { transposeA, transposeB });
}
