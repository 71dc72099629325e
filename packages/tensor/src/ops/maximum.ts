import { apply, none } from "../op.ts";
import { scoped } from "../scope.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { arithmetic, type Binary } from "./arithmetic.ts";
import { lessOrEqual } from "./compare.ts";
import { reversed } from "./max.ts";
import { commonType, expectNumber, shapeOf, type Operand } from "./operand.ts";
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

/**
 * The larger of a and b, element by element and broadcast: [b, t, d] and [d] → [b, t, d]. NaN wins. f32, f16, bf16 or i32, the same on both
 * sides; a number takes the dtype of the other side. For the largest element of one tensor see {@link max}. Throws `DTypeError` for
 * other dtypes and for two of them, and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: upstream to the larger one, and to a at a tie, summed over what was broadcast.
 *
 * @example
 * ```ts
 * console.log(await maximum(tensor([-1, 2, NaN], [3], cpu()), 0).read()); // Float32Array(3) [ 0, 2, NaN ]
 * ```
 */
export function maximum(a: Operand, b: Operand): Tensor {
  return apply(maximumOp, [a, b], none);
}
/**
 * The smaller of a and b, element by element and broadcast: [b, t, d] and [d] → [b, t, d]. NaN wins. f32, f16, bf16 or i32, the same on
 * both sides; a number takes the dtype of the other side. For the smallest element of one tensor see {@link min}. Throws `DTypeError`
 * for other dtypes and for two of them, and `ShapeError` for shapes that do not broadcast.
 *
 * Gradient: upstream to the smaller one, and to a at a tie, summed over what was broadcast.
 *
 * @example
 * ```ts
 * console.log(await minimum(tensor([-1, 2, NaN], [3], cpu()), 0).read()); // Float32Array(3) [ -1, 0, NaN ]
 * ```
 */
export function minimum(a: Operand, b: Operand): Tensor {
  const typeOf = (x: Operand): TensorType | number => (typeof x === "number" ? x : x.type);
  const type = commonType("minimum", typeOf(a), typeOf(b));
  expectNumber("minimum", type);
  const flipped = (x: Operand): Operand => (typeof x !== "number" ? reversed(x) : type.dtype === "i32" ? -1 - x : -x);
  return scoped(() => reversed(maximum(flipped(a), flipped(b))));
}
