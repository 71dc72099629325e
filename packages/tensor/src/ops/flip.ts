import { scoped } from "../scope.ts";
import { sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { gather } from "./gather.ts";
import { axesOf } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { iota } from "./source.ts";

/** One axis backwards: x as a table with a row for each entry of the axes up to it, whose rows are gathered in another order. */
function backwards(x: Tensor, axis: number): Tensor {
  const n = x.shape[axis]!;
  const outer = sizeOf(x.shape.slice(0, axis));
  const ends = reshape(mul(iota(outer, 1, x.backend), n), [outer, 1]); // where each run of n rows ends
  const order = reshape(sub(ends, iota(n, 1, x.backend)), [outer * n]);
  return reshape(gather(reshape(x, [outer * n, sizeOf(x.shape.slice(axis + 1))]), order), x.shape);
}

/**
 * The entries of one axis or several in the opposite order, in the shape of x. Any dtype. Throws `ShapeError` for an axis that x
 * does not have or that is named twice.
 *
 * Gradient: the upstream gradient, flipped back.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());
 * console.log(await flip(x, -1).read()); // Float32Array(6) [ 3, 2, 1, 6, 5, 4 ]
 * console.log(await flip(x, [0, 1]).read()); // Float32Array(6) [ 6, 5, 4, 3, 2, 1 ]
 * ```
 */
export function flip(x: Tensor, axes: number | readonly number[]): Tensor {
  const chosen = axesOf(axes, x.rank, "flip");
  return chosen.length === 0 ? reshape(x, x.shape) : scoped(() => chosen.reduce(backwards, x));
}
