import { apply, type Primitive } from "../op.ts";
import { axisOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectNumber } from "./operand.ts";

export const cumulativeSumOp: Primitive<[x: Tensor], { axis: number; reverse: boolean }> = {
  kind: "primitive",
  name: "cumulativeSum",
  infer: ([x]) => {
    expectNumber("cumulativeSum", x);
    return x;
  },
  saves: "none",
  gradient: ({ upstream, attrs: { axis, reverse } }) => [() => cumulativeSum(upstream, axis, { reverse: !reverse })],
};

/**
 * The running sum along one axis, yᵢ = x₀ + … + xᵢ, in the shape of x; reversed, yᵢ = xᵢ + … + xₙ₋₁. f32, f16, bf16 or i32, which
 * wraps around at 32 bits. Throws `DTypeError` for another dtype and `ShapeError` for an axis that x does not have.
 *
 * Gradient: the running sum of the upstream gradient from the other end.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4], [4], cpu());
 * console.log(await cumulativeSum(x).read()); // Float32Array(4) [ 1, 3, 6, 10 ]
 * console.log(await cumulativeSum(x, 0, { reverse: true }).read()); // Float32Array(4) [ 10, 9, 7, 4 ]
 * ```
 */
export function cumulativeSum(x: Tensor, axis = -1, { reverse = false }: { readonly reverse?: boolean } = {}): Tensor {
  return apply(cumulativeSumOp, [x], { axis: axisOf(axis, x.rank, "cumulativeSum"), reverse });
}
