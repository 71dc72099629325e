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
 * `yes` where the mask holds, else `no`; all three broadcast. What is not chosen gets no gradient, not even from a NaN.
 *
 * @example
 * ```ts
 * where(less(x, 0), 0, x); // ReLU
 * ```
 */
export function where(mask: Tensor, yes: Operand, no: Operand): Tensor {
  return apply(whereOp, [mask, yes, no], none);
}
