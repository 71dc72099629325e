import { apply, type Composite } from "../op.ts";
import { axisOf } from "../shape.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { flip } from "./flip.ts";
import { expectNumber } from "./operand.ts";
import { transpose } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { stopGradient } from "./stop-gradient.ts";
import { takeAlong } from "./take-along.ts";
import { topK } from "./top-k.ts";

export const sortOp: Composite<[x: Tensor], { descending: boolean }, readonly [values: Tensor, indices: Tensor]> = {
  kind: "composite",
  name: "sort",
  infer: ([x]) => {
    expectNumber("sort", x);
    axisOf(-1, x.shape.length, "sort");
    return [x, { dtype: "i32", shape: x.shape }];
  },
  compose: ([x], { descending }) => {
    const n = x.shape[x.rank - 1]!;
    if (n === 0) return [reshape(x, x.shape), cast(stopGradient(x), "i32")];
    if (descending) return topK(x, n);
    // Of equals, topK takes the first of the row read backwards, which is the last; read backwards once more, that one comes last.
    const [, fromTheEnd] = topK(flip(stopGradient(x), -1), n);
    const indices = sub(n - 1, flip(fromTheEnd, -1));
    return [takeAlong(x, indices), indices];
  },
};

/** How {@link sort} sorts. */
export interface SortOptions {
  /** Which axis is sorted. Default −1, the last. */
  readonly axis?: number;
  /** Largest first. Default false. */
  readonly descending?: boolean;
}

/**
 * Sorts along one axis, smallest first unless told otherwise: the values, and where each stood (i32), both in the shape of x. Stable:
 * equals keep their order, either way. NaN counts as largest. f32, f16, bf16 or i32. Throws `DTypeError` for another dtype and
 * `ShapeError` for an axis that x does not have.
 *
 * Gradient: the upstream gradient of each value goes to where the value stood; there is none of the indices.
 *
 * @example
 * ```ts
 * const [values, indices] = sort(tensor([3, 1, 2], [3], cpu()));
 * console.log(await values.read()); // Float32Array(3) [ 1, 2, 3 ]
 * console.log(await indices.read()); // Int32Array(3) [ 1, 2, 0 ]
 * ```
 */
export function sort(
  x: Tensor,
  { axis = -1, descending = false }: SortOptions = {},
): readonly [values: Tensor, indices: Tensor] {
  const sorted = axisOf(axis, x.rank, "sort");
  if (sorted === x.rank - 1) return apply(sortOp, [x], { descending });
  return scoped(() => {
    const [values, indices] = apply(sortOp, [transpose(x, sorted, -1)], { descending });
    return [transpose(values, sorted, -1), transpose(indices, sorted, -1)];
  });
}
