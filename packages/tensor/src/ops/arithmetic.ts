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

/**
 * a + b, element by element and broadcast: [b, t, d] and [d] → [b, t, d]. f32, f16, bf16 or i32, which wraps around at 32 bits, the same
 * on both sides; a number takes the dtype of the other side. Throws `DTypeError` for other dtypes, for two of them and for two numbers,
 * and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: upstream to both, summed over what was broadcast.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 2, 3, 4], [2, 2], on);
 * console.log(await add(x, 1).read()); // Float32Array(4) [ 2, 3, 4, 5 ]
 * console.log(await add(x, tensor([10, 20], [2], on)).read()); // Float32Array(4) [ 11, 22, 13, 24 ]
 * ```
 */
export function add(a: Operand, b: Operand): Tensor {
  return apply(addOp, [a, b], none);
}
/**
 * a − b, element by element and broadcast: [b, t, d] and [d] → [b, t, d]. f32, f16, bf16 or i32, which wraps around at 32 bits, the same
 * on both sides; a number takes the dtype of the other side. Throws as {@link add} does.
 *
 * Gradient: upstream to a and −upstream to b, summed over what was broadcast.
 *
 * @example
 * ```ts
 * console.log(await sub(1, tensor([0.25, 3], [2], cpu())).read()); // Float32Array(2) [ 0.75, -2 ]
 * ```
 */
export function sub(a: Operand, b: Operand): Tensor {
  return apply(subOp, [a, b], none);
}
/**
 * a · b, element by element and broadcast: [b, t, d] and [d] → [b, t, d]. f32, f16, bf16 or i32, which wraps around at 32 bits, the same
 * on both sides; a number takes the dtype of the other side. For products of matrices see {@link matmul}. Throws as {@link add} does.
 *
 * Gradient: upstream · b to a and upstream · a to b, summed over what was broadcast.
 *
 * @example
 * ```ts
 * console.log(await mul(tensor([1, -2], [2], cpu()), 0.5).read()); // Float32Array(2) [ 0.5, -1 ]
 * ```
 */
export function mul(a: Operand, b: Operand): Tensor {
  return apply(mulOp, [a, b], none);
}
/**
 * a / b, element by element and broadcast: [b, t, d] and [b, t, 1] → [b, t, d]; ±∞ or NaN where b is 0. f32, f16 or bf16, the same on both
 * sides; a number takes the dtype of the other side. Throws as {@link add} does, and `DTypeError` for i32.
 *
 * Gradient: upstream / b to a and −upstream · a / b² to b, summed over what was broadcast.
 *
 * @example
 * ```ts
 * const x = tensor([1, 3, 4], [3], cpu());
 * console.log(await div(x, sum(x)).read()); // Float32Array(3) [ 0.125, 0.375, 0.5 ]
 * ```
 */
export function div(a: Operand, b: Operand): Tensor {
  return apply(divOp, [a, b], none);
}
/**
 * −x, element by element, in the shape of x. f32, f16, bf16 or i32, whose smallest number stays as it is, since 2³¹ does not fit. Throws
 * `DTypeError` for another dtype.
 *
 * Gradient: −upstream.
 *
 * @example
 * ```ts
 * console.log(await neg(tensor([1, -2], [2], cpu())).read()); // Float32Array(2) [ -1, 2 ]
 * ```
 */
export function neg(x: Tensor): Tensor {
  return mul(x, -1);
}
