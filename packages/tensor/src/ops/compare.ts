import { apply, none, type None, type Primitive } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import type { Binary } from "./arithmetic.ts";
import { commonType, expectDType, type Operand } from "./operand.ts";

const comparison = (name: string): Binary => ({
  kind: "primitive",
  name,
  gradient: null,
  infer: ([a, b]) => ({ dtype: "bool", shape: commonType(name, a, b).shape }),
});
type Logical = Primitive<[a: Tensor, b: Tensor], None>;
const logical = (name: string): Logical => ({
  kind: "primitive",
  name,
  gradient: null,
  infer: ([a, b]) => {
    expectDType(name, a, "bool", "the first input");
    expectDType(name, b, "bool", "the second input");
    return commonType(name, a, b);
  },
});

export const equalOp: Binary = comparison("equal");
export const lessOp: Binary = comparison("less");
export const lessOrEqualOp: Binary = comparison("lessOrEqual");
export const bothOp: Logical = logical("both");
export const eitherOp: Logical = logical("either");
export const notOp: Primitive<[x: Tensor], None> = {
  kind: "primitive",
  name: "not",
  gradient: null,
  infer: ([x]) => {
    expectDType("not", x, "bool");
    return x;
  },
};

/** a = b, broadcast → bool. @example `equal(ids, 0)` */
export function equal(a: Operand, b: Operand): Tensor {
  return apply(equalOp, [a, b], none);
}
/** a < b, broadcast → bool. @example `less(x, 0)` */
export function less(a: Operand, b: Operand): Tensor {
  return apply(lessOp, [a, b], none);
}
/** a ≤ b, broadcast → bool. @example `lessOrEqual(j, i)` is a causal mask of positions i and j. */
export function lessOrEqual(a: Operand, b: Operand): Tensor {
  return apply(lessOrEqualOp, [a, b], none);
}
/** Logical and of two bool tensors, broadcast. @example `both(causal, padding)` */
export function both(a: Tensor, b: Tensor): Tensor {
  return apply(bothOp, [a, b], none);
}
/** Logical or of two bool tensors, broadcast. @example `either(prefix, causal)` */
export function either(a: Tensor, b: Tensor): Tensor {
  return apply(eitherOp, [a, b], none);
}
/** Logical not of a bool tensor. @example `not(equal(ids, 0))` */
export function not(x: Tensor): Tensor {
  return apply(notOp, [x], none);
}
