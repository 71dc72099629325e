import { ConfigError } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { div, sub } from "./arithmetic.ts";
import { expectFloat } from "./operand.ts";
import { square } from "./pointwise.ts";
import { axesOf, sum, type Axes, type ReduceOptions } from "./reduce.ts";
import { widened } from "./widened.ts";

const countOf = (x: Tensor, axes: readonly number[]): number => sizeOf(axes.map((axis) => x.shape[axis]!));

/**
 * The mean over axes (all by default): x [b, t, d], axes 1 → [b, d]. f32, f16 or bf16; the 16-bit floats are summed in f32, so a
 * sum that they could not hold does no harm. Over nothing it is NaN. Throws `DTypeError` for another dtype and `ShapeError` for an
 * axis that x does not have or that is named twice.
 *
 * Gradient: the upstream gradient / n for each of the n elements.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 6], [2, 2], cpu());
 * console.log(await mean(x, -1).read()); // Float32Array(2) [ 1.5, 4.5 ]
 * console.log(await mean(x).read()); // Float32Array(1) [ 3 ]
 * ```
 */
export function mean(x: Tensor, axes?: Axes, options: ReduceOptions = {}): Tensor {
  expectFloat("mean", x.type);
  const chosen = axesOf(axes, x.rank, "mean");
  return widened(x, (wide) => div(sum(wide, chosen, options), countOf(x, chosen)));
}

/** How {@link variance} reduces. */
export interface VarianceOptions extends ReduceOptions {
  /** Taken from the count that the sum is divided by: 1 estimates the variance of what x was drawn from. Default 0. */
  readonly correction?: number;
}

/**
 * The mean square distance from the mean, Σ (xᵢ − mean)² / (n − correction), over axes (all by default): x [b, d], axes −1 → [b].
 * f32, f16 or bf16, computed in f32. NaN over nothing, and of a single element with correction 1. Throws `DTypeError` for another dtype, `ShapeError` for an axis that x does not have or that is named twice and
 * `ConfigError` for a negative correction.
 *
 * Gradient: upstream · 2 (x − mean) / (n − correction).
 *
 * @example
 * ```ts
 * const x = tensor([1, 3, 5, 7], [4], cpu());
 * console.log(await variance(x).read()); // Float32Array(1) [ 5 ]
 * console.log(await variance(x, 0, { correction: 1 }).read()); // Float32Array(1) [ 6.666666507720947 ]
 * ```
 */
export function variance(x: Tensor, axes?: Axes, { keepDims = false, correction = 0 }: VarianceOptions = {}): Tensor {
  expectFloat("variance", x.type);
  if (!(correction >= 0 && correction < Infinity))
    throw new ConfigError(`variance: the correction must be a number from 0 up, got ${correction}`, { correction });
  const chosen = axesOf(axes, x.rank, "variance");
  return widened(x, (wide) => {
    const squares = square(sub(wide, mean(wide, chosen, { keepDims: true })));
    return div(sum(squares, chosen, { keepDims }), Math.max(0, countOf(x, chosen) - correction));
  });
}
