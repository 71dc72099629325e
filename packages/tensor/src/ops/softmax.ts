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
const lowestOf = (dtype: DType): number => (dtype === "f16" ? -65504 : -3e38);
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
 * e^xᵢ / Σⱼ e^xⱼ along one axis, shifted by the largest element so that nothing overflows.
 *
 * @example
 * ```ts
 * softmax(scores); // [b, h, t, s], each row over s sums to 1
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

/** log softmax x, without taking the logarithm of a small number. @example `logSoftmax(logits)` */
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

/** Softmax over the last axis of the elements where the mask (bool, broadcast) holds; the others, and rows without any above −∞, give 0. @example `maskedSoftmax(scores, causal)` */
export function maskedSoftmax(x: Tensor, mask: Tensor): Tensor {
  return apply(maskedSoftmaxOp, [x, mask], none);
}
