import { DTypeError } from "../errors.ts";
import { broadcast, type Shape, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** What an element-wise op takes: a tensor, or a number that takes the dtype of the other operand. */
export type Operand = Tensor | number;

export const shapeOf = (x: Operand | TensorType): Shape => (typeof x === "number" ? [] : x.shape);

function fits(op: string, number: number, dtype: TensorType["dtype"]): void {
  if (dtype === "bool" || (dtype === "i32" && (number | 0) !== number)) {
    throw new DTypeError(`${op}: the number ${number} cannot be ${dtype}; cast() the tensor to f32 first`, {
      op,
      number,
      dtype,
    });
  }
}

/** The common type of two operands: same dtype (there is no promotion), shapes broadcast. */
export function commonType(op: string, a: TensorType | number, b: TensorType | number): TensorType {
  if (typeof a === "number") {
    if (typeof b === "number")
      throw new DTypeError(`${op} of two numbers, ${a} and ${b}: one operand must be a tensor`, { op });
    fits(op, a, b.dtype);
    return b;
  }
  if (typeof b === "number") {
    fits(op, b, a.dtype);
    return a;
  }
  if (a.dtype !== b.dtype) {
    throw new DTypeError(`${op}: ${a.dtype} with ${b.dtype}. There is no implicit promotion: cast() one of them.`, {
      op,
      a: a.dtype,
      b: b.dtype,
    });
  }
  return { dtype: a.dtype, shape: broadcast(a.shape, b.shape, op) };
}

/** Throws unless `type` has the dtype that the op needs. */
export function expectDType(op: string, type: TensorType, dtype: TensorType["dtype"], what = "its input"): void {
  if (type.dtype !== dtype)
    throw new DTypeError(`${op}: ${what} must be ${dtype}, got ${type.dtype}; cast() it`, {
      op,
      expected: dtype,
      actual: type.dtype,
    });
}
