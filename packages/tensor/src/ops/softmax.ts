import type { DType } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { apply, none, type Composite, type None } from "../op.ts";
import { axisOf, broadcast, sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { max } from "./max.ts";
import { maximum } from "./maximum.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { exp, log } from "./pointwise.ts";
import { sum } from "./reduce.ts";
import { stopGradient } from "./stop-gradient.ts";
import { where } from "./where.ts";

const kept = { keepDims: true } as const;
/** Below every score that means anything, and not −∞. */
export const lowestOf = (dtype: DType): number => (dtype === "f16" ? -65504 : -3e38);
/** Above 0, and below every sum of a row that allows anything. */
const leastOf = (dtype: DType): number => (dtype === "f16" ? 2 ** -14 : 1e-30);

export const softmaxOp: Composite<[x: Tensor], { axis: number }> = {
  kind: "composite",
  name: "softmax",
  infer: ([x]) => {
    expectFloat("softmax", x);
    return x;
  },
  saves: "output",
  compose: ([x], { axis }) => {
    const e = exp(sub(x, stopGradient(max(x, axis, kept))));
    return div(e, sum(e, axis, kept));
  },
  gradient: ({ output: y, upstream: g, attrs: { axis } }) => [() => mul(y, sub(g, sum(mul(g, y), axis, kept)))],
};

/**
 * yᵢ = e^xᵢ / Σⱼ e^xⱼ along one axis, in the shape of x: scores [b, h, t, s] become weights that sum to 1 over s. Shifted by the largest
 * element, so that nothing overflows; NaN where a row is all −∞ (see {@link maskedSoftmax}). f32, f16 or bf16; halves are computed in f32.
 * Throws `DTypeError` for another dtype and `ShapeError` for an axis that x does not have.
 *
 * Gradient: y · (g − Σ g y), summed along the axis, with g the upstream gradient.
 *
 * @example
 * ```ts
 * console.log(await softmax(tensor([7, 7, -Infinity], [3], cpu())).read()); // Float32Array(3) [ 0.5, 0.5, 0 ]
 * ```
 */
export function softmax(x: Tensor, axis = -1): Tensor {
  return apply(softmaxOp, [x], { axis: axisOf(axis, x.rank, "softmax") });
}

export const logSoftmaxOp: Composite<[x: Tensor], { axis: number }> = {
  kind: "composite",
  name: "logSoftmax",
  infer: ([x]) => {
    expectFloat("logSoftmax", x);
    return x;
  },
  saves: "output",
  compose: ([x], { axis }) => {
    const shifted = sub(x, stopGradient(max(x, axis, kept)));
    return sub(shifted, log(sum(exp(shifted), axis, kept)));
  },
  gradient: ({ output: y, upstream: g, attrs: { axis } }) => [() => sub(g, mul(exp(y), sum(g, axis, kept)))],
};

/**
 * yᵢ = xᵢ − log Σⱼ e^xⱼ along one axis, in the shape of x: logits [b, t, v] become log-probabilities over v, without the logarithm of a
 * small number. f32, f16 or bf16; halves are computed in f32. Throws `DTypeError` for another dtype and `ShapeError` for an axis that
 * x does not have.
 *
 * Gradient: g − e^y · Σ g, summed along the axis, with g the upstream gradient.
 *
 * @example
 * ```ts
 * console.log(await logSoftmax(tensor([0, 1000], [2], cpu())).read()); // Float32Array(2) [ -1000, 0 ]
 * ```
 */
export function logSoftmax(x: Tensor, axis = -1): Tensor {
  return apply(logSoftmaxOp, [x], { axis: axisOf(axis, x.rank, "logSoftmax") });
}

export const maskedSoftmaxOp: Composite<[x: Tensor, mask: Tensor], None> = {
  kind: "composite",
  name: "maskedSoftmax",
  infer: ([x, mask]) => {
    expectFloat("maskedSoftmax", x);
    expectDType("maskedSoftmax", mask, "bool", "the mask");
    axisOf(-1, x.shape.length, "maskedSoftmax");
    if (!sameShape(broadcast(x.shape, mask.shape, "maskedSoftmax"), x.shape)) {
      throw new ShapeError(`maskedSoftmax: a mask ${show(mask.shape)} is larger than x ${show(x.shape)}`, {
        x: x.shape,
        mask: mask.shape,
      });
    }
    return x;
  },
  saves: "output",
  compose: ([x, mask]) => {
    const lowest = lowestOf(x.dtype);
    const scores = where(mask, x, lowest);
    const top = maximum(max(scores, -1, kept), lowest); // not −∞, from which −∞ cannot be subtracted
    const e = where(mask, exp(sub(scores, stopGradient(top))), 0);
    return div(e, maximum(sum(e, -1, kept), leastOf(x.dtype))); // a row that allows anything sums to at least 1
  },
  gradient: ({ output: y, upstream: g }) => [() => mul(y, sub(g, sum(mul(g, y), -1, kept))), undefined],
};

/**
 * {@link softmax} over the last axis of the elements where the mask holds; the others are 0, and so are all of a row that allows nothing,
 * or nothing above −∞. x […, s], mask bool that broadcasts to x → […, s]. f32, f16 or bf16; halves are computed in f32. Throws
 * `DTypeError` for another dtype, and `ShapeError` for a mask that does not broadcast to x and for a scalar.
 *
 * Gradient: y · (g − Σ g y), summed over the last axis, with g the upstream gradient; 0 where the mask forbids.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const causal = tensor([1, 0, 1, 1], [2, 2], on, "bool");
 * console.log(await maskedSoftmax(zeros([2, 2], on), causal).read()); // Float32Array(4) [ 1, 0, 0.5, 0.5 ]
 * ```
 */
export function maskedSoftmax(x: Tensor, mask: Tensor): Tensor {
  return apply(maskedSoftmaxOp, [x, mask], none);
}
