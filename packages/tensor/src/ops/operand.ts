import { isFloat, type DType, type FloatDType } from "../dtype.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { broadcast, sameShape, show, type Shape, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** What an element-wise op takes: a tensor, or a number that takes the dtype of the other operand. */
export type Operand = Tensor | number;

export const shapeOf = (x: Operand | TensorType): Shape => (typeof x === "number" ? [] : x.shape);

const wholeNumbers: { readonly [D in DType]?: readonly [low: number, high: number] } = {
  i32: [-(2 ** 31), 2 ** 31 - 1],
  u8: [0, 255],
};

function fits(op: string, number: number, dtype: DType): void {
  if (isFloat(dtype)) return;
  const range = wholeNumbers[dtype];
  if (range !== undefined && Number.isInteger(number) && number >= range[0] && number <= range[1]) return;
  throw new DTypeError(`${op}: the number ${number} cannot be ${dtype}; cast() the tensor to f32 first`, {
    op,
    number,
    dtype,
  });
}

/** For untyped code, which forgets an input. */
const missing = (op: string, what: string): DTypeError =>
  new DTypeError(`${op}: ${what} is undefined, and must be a tensor`, { op });

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
  expectSameDType(op, a, b);
  const shape = broadcast(a.shape, b.shape, op);
  return shape === a.shape ? a : { dtype: a.dtype, shape };
}

/** Throws unless both have one dtype. */
export function expectSameDType(op: string, a: TensorType | undefined, b: TensorType | undefined): void {
  if (a === undefined || b === undefined) throw missing(op, "an operand");
  if (a.dtype !== b.dtype)
    throw new DTypeError(`${op}: ${a.dtype} with ${b.dtype}. There is no implicit promotion: cast() one of them.`, {
      op,
      a: a.dtype,
      b: b.dtype,
    });
}

/** The type of x, a float, which that of its upstream gradient must be. */
export function expectGradientOf(op: string, x: TensorType, upstream: TensorType): TensorType {
  expectFloat(op, x, "x");
  expectSameDType(op, x, upstream);
  if (!sameShape(x.shape, upstream.shape))
    throw new ShapeError(`${op}: upstream ${show(upstream.shape)} must be of the shape of x ${show(x.shape)}`, {
      op,
      x: x.shape,
      upstream: upstream.shape,
    });
  return x;
}

/** Throws unless `type` has the dtype that the op needs. */
export function expectDType(op: string, type: TensorType | undefined, dtype: DType, what = "its input"): void {
  if (type === undefined) throw missing(op, what);
  if (type.dtype !== dtype)
    throw new DTypeError(`${op}: ${what} must be ${dtype}, got ${type.dtype}; cast() it`, {
      op,
      expected: dtype,
      actual: type.dtype,
    });
}

/** The dtype of a type that must be f32, f16 or bf16; throws when it is another. */
export function expectFloat(op: string, type: TensorType | undefined, what = "its input"): FloatDType {
  if (type === undefined) throw missing(op, what);
  const { dtype } = type;
  if (!isFloat(dtype))
    throw new DTypeError(`${op}: ${what} must be f32, f16 or bf16, got ${dtype}; cast() it`, {
      op,
      expected: ["f32", "f16", "bf16"],
      actual: dtype,
    });
  return dtype;
}

/** Throws unless the dtype is one to calculate with: a float, or i32. */
export function expectNumber(op: string, { dtype }: TensorType, what = "its input"): void {
  if (!isFloat(dtype) && dtype !== "i32")
    throw new DTypeError(`${op}: ${what} must be f32, f16, bf16 or i32, got ${dtype}; cast() it`, {
      op,
      expected: ["f32", "f16", "bf16", "i32"],
      actual: dtype,
    });
}
