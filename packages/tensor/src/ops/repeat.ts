import { ShapeError } from "../errors.ts";
import { scoped } from "../scope.ts";
import { axisOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expand } from "./reduce.ts";
import { reshape } from "./reshape.ts";

/**
 * Each entry of an axis `times` times, side by side: [a, b] → [a, a, b, b], as each head of keys is repeated for a group of queries:
 * [b, h, s, k] → [b, h · times, s, k]. Any dtype. Throws `ShapeError` for an axis that x does not have and for a count that is no
 * whole number from 0 up. For [a, b, a, b] see {@link concat}.
 *
 * Gradient: the upstream gradient, summed over the copies of each entry.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4], [2, 2], cpu());
 * console.log(await repeat(x, 2, 0).read()); // Float32Array(8) [ 1, 2, 1, 2, 3, 4, 3, 4 ]
 * console.log(await repeat(x, 2, 1).read()); // Float32Array(8) [ 1, 1, 2, 2, 3, 3, 4, 4 ]
 * ```
 */
export function repeat(x: Tensor, times: number, axis: number): Tensor {
  if (!Number.isInteger(times) || times < 0)
    throw new ShapeError(`repeat: times must be a whole number from 0 up, got ${times}`, { times });
  const at = axisOf(axis, x.rank, "repeat");
  const n = x.shape[at]!;
  const [outer, inner] = [x.shape.slice(0, at), x.shape.slice(at + 1)];
  return scoped(() => {
    const apart = reshape(x, [...outer, n, 1, ...inner]);
    return reshape(expand(apart, [...outer, n, times, ...inner]), [...outer, n * times, ...inner]);
  });
}
