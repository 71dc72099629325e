import { apply, none, type None, type Primitive } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { isFloat } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { commonType, shapeOf, type Operand } from "./operand.ts";
import { unbroadcast } from "./reduce.ts";

/** Element by element over two operands that broadcast. */
export type Binary = Primitive<[a: Operand, b: Operand], None>;

export function arithmetic(op: string, floatOnly = false): Binary["infer"] {
  return ([a, b]) => {
    const type = commonType(op, a, b);
    if (!isFloat(type.dtype) && (floatOnly || type.dtype !== "i32")) {
      throw new DTypeError(
        `${op} needs ${floatOnly ? "f32, f16 or bf16" : "f32, f16, bf16 or i32"}, got ${type.dtype}; cast() the operands`,
        { op, dtype: type.dtype },
      );
    }
    return type;
  };
}

export const addOp: Binary = {
  kind: "primitive",
  name: "add",
  infer: arithmetic("add"),
  saves: "none",
  gradient: ({ inputs: [a, b], upstream }) => [
    () => unbroadcast(upstream, shapeOf(a)),
    () => unbroadcast(upstream, shapeOf(b)),
  ],
};
export const subOp: Binary = {
  kind: "primitive",
  name: "sub",
  infer: arithmetic("sub"),
  saves: "none",
  gradient: ({ inputs: [a, b], upstream }) => [
    () => unbroadcast(upstream, shapeOf(a)),
    () => unbroadcast(neg(upstream), shapeOf(b)),
  ],
};
export const mulOp: Binary = {
  kind: "primitive",
  name: "mul",
  infer: arithmetic("mul"),
  saves: "inputs",
  gradient: ({ inputs: [a, b], upstream }) => [
    () => unbroadcast(mul(upstream, b), shapeOf(a)),
    () => unbroadcast(mul(upstream, a), shapeOf(b)),
  ],
};
export const divOp: Binary = {
  kind: "primitive",
  name: "div",
  infer: arithmetic("div", true),
  saves: "both",
  gradient: ({ inputs: [, b], inputs: [a], output, upstream }) => [
    () => unbroadcast(div(upstream, b), shapeOf(a)),
    () => unbroadcast(neg(div(mul(upstream, output), b)), shapeOf(b)),
  ],
};

/** a + b, broadcast; f32 or i32. @example `add(x, 1)` */
export function add(a: Operand, b: Operand): Tensor {
  return apply(addOp, [a, b], none);
}
/** a − b, broadcast; f32 or i32. @example `sub(1, x)` */
export function sub(a: Operand, b: Operand): Tensor {
  return apply(subOp, [a, b], none);
}
/** a · b element by element, broadcast; f32 or i32. @example `mul(x, 0.5)` */
export function mul(a: Operand, b: Operand): Tensor {
  return apply(mulOp, [a, b], none);
}
/** a / b element by element, broadcast; f32. @example `div(x, sum(x))` */
export function div(a: Operand, b: Operand): Tensor {
  return apply(divOp, [a, b], none);
}
/** −x. @example `neg(x)` */
export function neg(x: Tensor): Tensor {
  return mul(x, -1);
}
