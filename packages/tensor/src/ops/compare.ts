import { apply, none, type None, type Primitive } from "../op.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import type { Binary } from "./arithmetic.ts";
import { commonType, expectDType, type Operand } from "./operand.ts";

const compared = (op: string, a: TensorType | number, b: TensorType | number): TensorType => ({
  dtype: "bool",
  shape: commonType(op, a, b).shape,
});
const typeOf = (x: Operand): TensorType | number => (typeof x === "number" ? x : x.type);
/** Throws where the op that a function runs would, but in the name of the function. */
const expectComparable = (name: string, a: Operand, b: Operand): void => void commonType(name, typeOf(a), typeOf(b));
type Logical = Primitive<[a: Tensor, b: Tensor], None>;
function logical(op: string, a: TensorType, b: TensorType): TensorType {
  expectDType(op, a, "bool", "the first input");
  expectDType(op, b, "bool", "the second input");
  return commonType(op, a, b);
}

export const equalOp: Binary = {
  kind: "primitive",
  name: "equal",
  gradient: null,
  infer: ([a, b]) => compared("equal", a, b),
};
export const lessOp: Binary = {
  kind: "primitive",
  name: "less",
  gradient: null,
  infer: ([a, b]) => compared("less", a, b),
};
export const lessOrEqualOp: Binary = {
  kind: "primitive",
  name: "lessOrEqual",
  gradient: null,
  infer: ([a, b]) => compared("lessOrEqual", a, b),
};
export const bothOp: Logical = {
  kind: "primitive",
  name: "both",
  gradient: null,
  infer: ([a, b]) => logical("both", a, b),
};
export const eitherOp: Logical = {
  kind: "primitive",
  name: "either",
  gradient: null,
  infer: ([a, b]) => logical("either", a, b),
};
export const notOp: Primitive<[x: Tensor], None> = {
  kind: "primitive",
  name: "not",
  gradient: null,
  infer: ([x]) => {
    expectDType("not", x, "bool");
    return x;
  },
};

/**
 * a = b, element by element and broadcast → bool: [t, 1] and [s] → [t, s]. Any dtype, the same on both sides. NaN equals nothing, and
 * −0 equals 0. Throws `DTypeError` for two dtypes and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * console.log(await equal(tensor([3, 0, 0], [3], cpu(), "i32"), 0).read()); // Uint8Array(3) [ 0, 1, 1 ]
 * ```
 */
export function equal(a: Operand, b: Operand): Tensor {
  return apply(equalOp, [a, b], none);
}
/**
 * a ≠ b, element by element and broadcast → bool: [t, 1] and [s] → [t, s]. Any dtype, the same on both sides. NaN differs from
 * everything, itself included. Throws `DTypeError` for two dtypes and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const x = tensor([1, NaN], [2], cpu());
 * console.log(await notEqual(x, x).read()); // Uint8Array(2) [ 0, 1 ]
 * ```
 */
export function notEqual(a: Operand, b: Operand): Tensor {
  expectComparable("notEqual", a, b);
  return not(equal(a, b));
}
/**
 * a < b, element by element and broadcast → bool: [t, 1] and [s] → [t, s]. Any dtype, the same on both sides. False beside NaN.
 * Throws `DTypeError` for two dtypes and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * console.log(await less(tensor([-1, 0, 1], [3], cpu()), 0).read()); // Uint8Array(3) [ 1, 0, 0 ]
 * ```
 */
export function less(a: Operand, b: Operand): Tensor {
  return apply(lessOp, [a, b], none);
}
/**
 * a ≤ b, element by element and broadcast → bool: [t, 1] and [s] → [t, s]. Any dtype, the same on both sides. False beside NaN.
 * Throws `DTypeError` for two dtypes and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const key = iota(3, 0, cpu());
 * const query = reshape(key, [3, 1]);
 * console.log(await lessOrEqual(key, query).read()); // Uint8Array(9) [ 1, 0, 0, 1, 1, 0, 1, 1, 1 ]
 * ```
 */
export function lessOrEqual(a: Operand, b: Operand): Tensor {
  return apply(lessOrEqualOp, [a, b], none);
}
/**
 * a > b, element by element and broadcast → bool: [t, 1] and [s] → [t, s]. Any dtype, the same on both sides. False beside NaN.
 * Throws `DTypeError` for two dtypes and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * console.log(await greater(tensor([-1, 0, 1], [3], cpu()), 0).read()); // Uint8Array(3) [ 0, 0, 1 ]
 * ```
 */
export function greater(a: Operand, b: Operand): Tensor {
  expectComparable("greater", a, b);
  return less(b, a);
}
/**
 * a ≥ b, element by element and broadcast → bool: [t, 1] and [s] → [t, s]. Any dtype, the same on both sides. False beside NaN.
 * Throws `DTypeError` for two dtypes and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * console.log(await greaterOrEqual(tensor([-1, 0, 1], [3], cpu()), 0).read()); // Uint8Array(3) [ 0, 1, 1 ]
 * ```
 */
export function greaterOrEqual(a: Operand, b: Operand): Tensor {
  expectComparable("greaterOrEqual", a, b);
  return lessOrEqual(b, a);
}
/**
 * Logical and of two bool tensors, broadcast: [b, 1, s] and [t, s] → [b, t, s]. Throws `DTypeError` for another dtype and `ShapeError`
 * for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [prefix, even] = [tensor([1, 1, 0], [3], on, "bool"), tensor([1, 0, 1], [3], on, "bool")];
 * console.log(await both(prefix, even).read()); // Uint8Array(3) [ 1, 0, 0 ]
 * ```
 */
export function both(a: Tensor, b: Tensor): Tensor {
  return apply(bothOp, [a, b], none);
}
/**
 * Logical or of two bool tensors, broadcast: [b, 1, s] and [t, s] → [b, t, s]. Throws `DTypeError` for another dtype and `ShapeError`
 * for shapes that do not broadcast.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [prefix, even] = [tensor([1, 0, 0], [3], on, "bool"), tensor([1, 0, 1], [3], on, "bool")];
 * console.log(await either(prefix, even).read()); // Uint8Array(3) [ 1, 0, 1 ]
 * ```
 */
export function either(a: Tensor, b: Tensor): Tensor {
  return apply(eitherOp, [a, b], none);
}
/**
 * Logical not of a bool tensor, in its shape. Throws `DTypeError` for another dtype.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * console.log(await not(tensor([1, 0], [2], cpu(), "bool")).read()); // Uint8Array(2) [ 0, 1 ]
 * ```
 */
export function not(x: Tensor): Tensor {
  return apply(notOp, [x], none);
}
