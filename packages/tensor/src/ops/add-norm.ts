import { ShapeError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { sameShape, show, sizeOf, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { layerNorm, normType, rmsNorm } from "./norm.ts";
import { expectDType } from "./operand.ts";

function addNormType(
  op: string,
  attrs: { epsilon: number },
  x: TensorType,
  residual: TensorType,
  weight: TensorType,
  bias?: TensorType,
): TensorType {
  const type = normType(op, attrs, x, weight, bias);
  expectDType(op, residual, type.dtype, "the residual");
  // A kernel reads both by the same address; and a sum that is larger than x is nearly always a mistake.
  if (!sameShape(x.shape, residual.shape))
    throw new ShapeError(
      `${op}: the residual must be ${show(x.shape)}, the shape of x, got ${show(residual.shape)}; expand() it, or add() and normalise the sum`,
      { op, x: x.shape, residual: residual.shape },
    );
  return type;
}
/** One for the sum and one for the norm, as the two count. */
const flops = (_: unknown, y: TensorType): number => 2 * sizeOf(y.shape);

/**
 * A sum and its layer norm in one op, which a backend can do in one pass. It has no rule: differentiated as the two ops that it means, it
 * keeps the sum and no more.
 */
export const addLayerNormOp: Composite<
  [x: Tensor, residual: Tensor, weight: Tensor, bias: Tensor | undefined],
  { epsilon: number }
> = {
  kind: "composite",
  name: "addLayerNorm",
  infer: ([x, residual, weight, bias], attrs) => addNormType("addLayerNorm", attrs, x, residual, weight, bias),
  compose: ([x, residual, weight, bias], { epsilon }) => layerNorm(add(x, residual), weight, bias, epsilon),
  flops,
};

/**
 * Layer normalisation of a sum over the last axis, with s = x + residual: (s − mean s) / √(variance s + ε) · weight + bias, in one pass where a
 * backend has a kernel for it: x and residual […, d], weight [d], bias [d] or undefined → […, d]. f32, f16 or bf16, the same for all;
 * halves are computed in f32, and the sum is rounded only where a tape keeps it. In a file of its own, so that a page with `layerNorm`
 * alone does not pay for it.
 *
 * Throws `ShapeError` where sizes differ (x and residual do not broadcast) or x is a scalar, and `DTypeError` for other dtypes and for two
 * of them.
 *
 * Gradient: that of `layerNorm` at the sum, which x and residual both get; the tape keeps the sum.
 *
 * Ba, Kiros and Hinton 2016, "Layer normalization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [x, residual] = [tensor([1, 2], [1, 2], on), tensor([0, 1], [1, 2], on)]; // their sum is [1, 3]
 * console.log(await addLayerNorm(x, residual, ones([2], on), zeros([2], on), 0).read()); // Float32Array(2) [ -1, 1 ]
 * ```
 */
export function addLayerNorm(
  x: Tensor,
  residual: Tensor,
  weight: Tensor,
  bias: Tensor | undefined,
  epsilon = 1e-5,
): Tensor {
  return apply(addLayerNormOp, [x, residual, weight, bias], { epsilon });
}

/** A sum and its root-mean-square norm in one op; differentiated as {@link addLayerNormOp} is. */
export const addRmsNormOp: Composite<[x: Tensor, residual: Tensor, weight: Tensor], { epsilon: number }> = {
  kind: "composite",
  name: "addRmsNorm",
  infer: ([x, residual, weight], attrs) => addNormType("addRmsNorm", attrs, x, residual, weight),
  compose: ([x, residual, weight], { epsilon }) => rmsNorm(add(x, residual), weight, epsilon),
  flops,
};

/**
 * Root-mean-square normalisation of a sum over the last axis, with s = x + residual: s / √(mean s² + ε) · weight, in one pass where a backend
 * has a kernel for it: x and residual […, d], weight [d] → […, d]. f32, f16 or bf16, the same for all; halves are computed in f32, and the
 * sum is rounded only where a tape keeps it.
 *
 * Throws `ShapeError` where sizes differ (x and residual do not broadcast) or x is a scalar, and `DTypeError` for other dtypes and for two
 * of them.
 *
 * Gradient: that of `rmsNorm` at the sum, which x and residual both get; the tape keeps the sum.
 *
 * Zhang and Sennrich 2019, "Root mean square layer normalization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [x, residual] = [tensor([1, 2], [1, 2], on), tensor([3, 2], [1, 2], on)]; // their sum is [4, 4]
 * console.log(await addRmsNorm(x, residual, tensor([1, 10], [2], on), 0).read()); // Float32Array(2) [ 1, 10 ]
 * ```
 */
export function addRmsNorm(x: Tensor, residual: Tensor, weight: Tensor, epsilon = 1e-6): Tensor {
  return apply(addRmsNormOp, [x, residual, weight], { epsilon });
}
