import { apply, none, type None, type Primitive } from "../op.ts";
import { broadcast } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { commonType, expectDType, shapeOf, type Operand } from "./operand.ts";
import { unbroadcast } from "./reduce.ts";

export const whereOp: Primitive<[mask: Tensor, yes: Operand, no: Operand], None> = {
  kind: "primitive",
  name: "where",
  saves: "inputs",
  infer: ([mask, yes, no]) => {
    expectDType("where", mask, "bool", "the mask");
    const type =
      typeof yes === "number" && typeof no === "number"
        ? { dtype: "f32" as const, shape: [] }
        : commonType("where", yes, no);
    return { dtype: type.dtype, shape: broadcast(mask.shape, type.shape, "where") };
  },
  gradient: ({ inputs: [mask, yes, no], upstream }) => [
    undefined,
    () => unbroadcast(where(mask, upstream, 0), shapeOf(yes)),
    () => unbroadcast(where(mask, 0, upstream), shapeOf(no)),
  ],
};

/**
 * `yes` where the mask holds, else `no`, element by element; all three broadcast: [t, s], [b, 1, s] and a number → [b, t, s]. The mask is
 * bool, the others any dtype, the same for both; a number takes the dtype of the other one, and two numbers give f32. What is not chosen
 * leaves no trace, not even a NaN. Throws `DTypeError` for another mask and for two dtypes, and `ShapeError` for shapes that do not
 * broadcast.
 *
 * Gradient: upstream to what was chosen and 0 to what was not, summed over what was broadcast.
 *
 * @example
 * ```ts
 * const x = tensor([4, -1, 9], [3], cpu());
 * console.log(await where(less(x, 0), 0, sqrt(x)).read()); // Float32Array(3) [ 2, 0, 3 ]
 * ```
 */
export function where(mask: Tensor, yes: Operand, no: Operand): Tensor {
  return apply(whereOp, [mask, yes, no], none);
}
