import type { Tensor } from "../tensor.ts";
import { div, mul } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { equal } from "./compare.ts";
import { reduceAxes, reduced, sum, type Axes, type Reduction, type ReduceOptions } from "./reduce.ts";

export const maxOp: Reduction = {
  kind: "primitive",
  name: "max",
  infer: reduced("max"),
  saves: "both",
  gradient: ({ inputs: [x], output, upstream, attrs: { axis } }) => [
    () => {
      const winners = cast(equal(x, output), x.dtype); // ties share the gradient
      return mul(div(winners, sum(winners, axis, { keepDims: true })), upstream);
    },
  ],
};

/** The largest element over axes (all by default); NaN wins; −∞ over nothing. @example `max(x, -1, { keepDims: true })` */
export function max(x: Tensor, axes?: Axes, { keepDims = false }: ReduceOptions = {}): Tensor {
  return reduceAxes(maxOp, x, axes, keepDims);
}

/** The mean over axes (all by default). @example `mean(x, -1)` */
export function mean(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  const total = sum(x, axes, options);
  let count = 1;
  const list =
    axes === undefined
      ? x.shape.keys()
      : typeof axes === "number"
        ? [axes]
        : new Set(axes.map((axis) => (axis + x.rank) % x.rank));
  for (const axis of list) count *= x.shape.at(axis)!;
  return div(total, count);
}
