import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add, sub } from "./arithmetic.ts";
import { equal, less } from "./compare.ts";
import { max } from "./max.ts";
import { expectFloat } from "./operand.ts";
import { exp, log } from "./pointwise.ts";
import { axesOf, sum, type Axes, type ReduceOptions } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { stopGradient } from "./stop-gradient.ts";
import { where } from "./where.ts";
import { widened } from "./widened.ts";

/**
 * log Σ e^xᵢ over axes (all by default), shifted by the largest element so that nothing overflows: x [b, v], axes −1 → [b]. f32, f16 or
 * bf16, computed in f32. −∞ where all xᵢ are −∞ and over nothing, ∞ where one is, NaN where one is NaN. Throws `DTypeError` for
 * another dtype and `ShapeError` for an axis that x does not have or that is named twice.
 *
 * Gradient: upstream · softmax(x); 0 where the result is −∞, NaN where it is ∞.
 *
 * @example
 * ```ts
 * const x = tensor([1000, 1000, -Infinity, -Infinity], [2, 2], cpu());
 * console.log(await logSumExp(x, -1).read()); // Float32Array(2) [ 1000.6931762695312, -Infinity ]
 * ```
 */
export function logSumExp(x: Tensor, axes?: Axes, { keepDims = false }: ReduceOptions = {}): Tensor {
  expectFloat("logSumExp", x.type);
  const chosen = axesOf(axes, x.rank, "logSumExp");
  return widened(x, (wide) => {
    const top = max(stopGradient(wide), chosen, { keepDims: true });
    const shift = where(less(abs(top), Infinity), top, 0); // an infinity cannot be taken from itself
    const total = sum(exp(sub(wide, shift)), chosen, { keepDims: true });
    const none = equal(total, 0);
    const y = where(none, -Infinity, add(log(where(none, 1, total)), shift));
    return keepDims
      ? y
      : reshape(
          y,
          x.shape.filter((_, axis) => !chosen.includes(axis)),
        );
  });
}
