import { ConfigError } from "../errors.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { less } from "./compare.ts";
import { commonType, expectNumber } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { where } from "./where.ts";

/**
 * x, but never below `low` nor above `high`, in the shape of x; −∞ and ∞ leave a side open. f32, f16, bf16 or i32. NaN stays. For bounds
 * that are tensors see {@link maximum} and {@link minimum}. Throws `DTypeError` for another dtype and for a bound that is not of
 * it, and `ConfigError` unless low ≤ high.
 *
 * Gradient: upstream where low ≤ x ≤ high, 0 elsewhere.
 *
 * @example
 * ```ts
 * const x = tensor([-2, 0.5, 7], [3], cpu());
 * console.log(await clamp(x, 0, 1).read()); // Float32Array(3) [ 0, 0.5, 1 ]
 * console.log(await clamp(x, 0, Infinity).read()); // Float32Array(3) [ 0, 0.5, 7 ]
 * ```
 */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  expectNumber("clamp", x.type);
  if (!(low <= high)) throw new ConfigError(`clamp: low must be at most high, got ${low} and ${high}`, { low, high });
  for (const bound of [low, high]) if (Number.isFinite(bound)) commonType("clamp", x.type, bound); // does x hold it?
  return scoped(() => {
    const above = low === -Infinity ? x : where(less(x, low), low, x);
    const within = high === Infinity ? above : where(less(high, above), high, above);
    return within === x ? reshape(x, x.shape) : within;
  });
}
