import { scoped } from "../scope.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { div, mul, neg, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { equal } from "./compare.ts";
import { expectNumber } from "./operand.ts";
import { axesOf, reduceAxes, reduced, sum, type Axes, type Reduction, type ReduceOptions } from "./reduce.ts";

export const maxOp: Reduction = {
  kind: "primitive",
  name: "max",
  infer: ([x], { axis }) => reduced("max", x, axis),
  saves: "both",
  gradient: ({ inputs: [x], output, upstream, attrs: { axis } }) => [
    () => {
      const winners = cast(equal(x, output), "f32"); // more may tie than a 16-bit float can count
      return mul(cast(div(winners, sum(winners, axis, { keepDims: true })), x.dtype), upstream);
    },
  ],
  flops: ([x]) => sizeOf(x.shape),
};

/**
 * The largest element over axes (all by default): x [b, d], axes −1 → [b]. f32, f16, bf16 or i32. NaN wins. Over nothing it is −∞, or
 * the smallest i32. Throws `DTypeError` for another dtype and `ShapeError` for an axis that x does not have or that is named
 * twice.
 *
 * Gradient: to the largest element; elements that tie share it equally.
 *
 * @example
 * ```ts
 * const x = tensor([1, 5, 3, 4, 2, 6], [2, 3], cpu());
 * console.log(await max(x, -1).read()); // Float32Array(2) [ 5, 6 ]
 * console.log(max(x, -1, { keepDims: true }).shape); // [ 2, 1 ]
 * ```
 */
export function max(x: Tensor, axes?: Axes, { keepDims = false }: ReduceOptions = {}): Tensor {
  return reduceAxes(maxOp, x, axesOf(axes, x.rank, "max"), keepDims);
}

/** The same elements in the opposite order of size: −x, or −1 − x of whole numbers, whose smallest has no −x. NaN stays. */
export const reversed = (x: Tensor): Tensor => (x.dtype === "i32" ? sub(-1, x) : neg(x));

/**
 * The smallest element over axes (all by default): x [b, d], axes −1 → [b]. f32, f16, bf16 or i32. NaN wins. Over nothing it is ∞, or
 * the largest i32. Throws `DTypeError` for another dtype and `ShapeError` for an axis that x does not have or that is named
 * twice.
 *
 * Gradient: to the smallest element; elements that tie share it equally.
 *
 * @example
 * ```ts
 * const x = tensor([1, 5, 3, 4, 2, 6], [2, 3], cpu());
 * console.log(await min(x, -1).read()); // Float32Array(2) [ 1, 2 ]
 * ```
 */
export function min(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  expectNumber("min", x.type);
  return scoped(() => reversed(max(reversed(x), axesOf(axes, x.rank, "min"), options)));
}
