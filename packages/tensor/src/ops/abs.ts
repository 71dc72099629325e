import { apply, none, type Composite, type None } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { sub } from "./arithmetic.ts";
import { less, lessOrEqual } from "./compare.ts";
import { expectNumber } from "./operand.ts";
import { where } from "./where.ts";

export const absOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "abs",
  infer: ([x]) => {
    expectNumber("abs", x);
    return x;
  },
  saves: "inputs",
  compose: ([x]) => where(lessOrEqual(x, 0), sub(0, x), x), // 0 − (−0) is 0; −(0) would be −0
  gradient: ({ inputs: [x], upstream }) => [() => sub(where(less(0, x), upstream, 0), where(less(x, 0), upstream, 0))],
};

/**
 * |x|, element by element, in the shape of x. f32, f16, bf16 or i32, whose smallest number stays as it is, since 2³¹ does not fit.
 * Throws `DTypeError` for another dtype.
 *
 * Gradient: upstream where x > 0, −upstream where x < 0, and 0 at 0.
 *
 * @example
 * ```ts
 * console.log(await abs(tensor([-2, 0, 3], [3], cpu())).read()); // Float32Array(3) [ 2, 0, 3 ]
 * ```
 */
export function abs(x: Tensor): Tensor {
  return apply(absOp, [x], none);
}
