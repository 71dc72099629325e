import { apply, none } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { arithmetic, neg, type Binary } from "./arithmetic.ts";
import { lessOrEqual } from "./compare.ts";
import { shapeOf, type Operand } from "./operand.ts";
import { unbroadcast } from "./reduce.ts";
import { where } from "./where.ts";

export const maximumOp: Binary = {
  kind: "primitive",
  name: "maximum",
  infer: arithmetic("maximum"),
  saves: "inputs",
  gradient: ({ inputs: [a, b], upstream }) => [
    () => unbroadcast(where(lessOrEqual(b, a), upstream, 0), shapeOf(a)),
    () => unbroadcast(where(lessOrEqual(b, a), 0, upstream), shapeOf(b)),
  ],
};

/** The larger of a and b, broadcast; NaN wins. At a tie the gradient goes to a. @example `maximum(x, 0)` */
export function maximum(a: Operand, b: Operand): Tensor {
  return apply(maximumOp, [a, b], none);
}
/** The smaller of a and b, broadcast: −max(−a, −b). @example `minimum(x, 1)` */
export function minimum(a: Operand, b: Operand): Tensor {
  const flipped = (x: Operand): Operand => (typeof x === "number" ? -x : neg(x));
  return neg(maximum(flipped(a), flipped(b)));
}
