import { ShapeError } from "../errors.ts";
import { apply, type Primitive, type Update } from "../op.ts";
import { axisOf, sameShape, show, sizeOf, withSize, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectSameDType } from "./operand.ts";

type Range = { axis: number; start: number; length: number };

function within(op: string, x: TensorType, { axis, start, length }: Range): void {
  const n = x.shape[axis]!;
  if (!Number.isInteger(start) || !Number.isInteger(length) || start < 0 || length < 0 || start + length > n) {
    throw new ShapeError(
      `${op}: start ${start} and length ${length} do not fit axis ${axis} of ${show(x.shape)}, which has ${n} entries`,
      { op, shape: x.shape, axis, start, length },
    );
  }
}

export const sliceOp: Primitive<[x: Tensor], Range> = {
  kind: "primitive",
  name: "slice",
  saves: "none",
  dynamic: ["start"],
  infer: ([x], range) => {
    within("slice", x, range);
    return { dtype: x.dtype, shape: withSize(x.shape, range.axis, range.length) };
  },
  gradient: ({ inputs: [x], upstream, attrs: { axis, start, length } }) => [
    () => pad(upstream, axis, start, x.shape[axis]! - start - length),
  ],
};

/**
 * `length` entries of one axis, from `start` on: [b, t, d], 1, 0, n → [b, n, d]. Any dtype. Throws `ShapeError` for an axis that x does not
 * have and for entries beyond its end.
 *
 * Gradient: upstream, with zeros where entries were left out.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());
 * console.log(await slice(x, 1, 0, 2).read()); // Float32Array(4) [ 1, 2, 4, 5 ]
 * ```
 */
export function slice(x: Tensor, axis: number, start: number, length: number): Tensor {
  return apply(sliceOp, [x], { axis: axisOf(axis, x.rank, "slice"), start, length });
}

export const padOp: Primitive<[x: Tensor], { axis: number; before: number; after: number }> = {
  kind: "primitive",
  name: "pad",
  saves: "none",
  infer: ([x], { axis, before, after }) => {
    if (!(Number.isInteger(before) && Number.isInteger(after) && before >= 0 && after >= 0)) {
      throw new ShapeError(
        `pad: ${before} before and ${after} after; both must be whole numbers from 0 up, and slice() removes entries`,
        { before, after },
      );
    }
    return { dtype: x.dtype, shape: withSize(x.shape, axis, x.shape[axis]! + before + after) };
  },
  gradient: ({ inputs: [x], upstream, attrs: { axis, before } }) => [
    () => slice(upstream, axis, before, x.shape[axis]!),
  ],
};

/**
 * Zeros (false) before and after the entries of one axis: [b, t, d], 1, m, n → [b, m + t + n, d]. Any dtype. Throws `ShapeError` for an
 * axis that x does not have and for counts that are not whole numbers from 0 up.
 *
 * Gradient: upstream without what was added.
 *
 * @example
 * ```ts
 * console.log(await pad(tensor([1, 2], [2], cpu()), 0, 1, 2).read()); // Float32Array(5) [ 0, 1, 2, 0, 0 ]
 * ```
 */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  return apply(padOp, [x], { axis: axisOf(axis, x.rank, "pad"), before, after });
}

/**
 * Replaces `target` by itself with `source` written over entries start, start + 1, … of one axis: a cache [b, h, s, k] and [b, h, t, k],
 * axis 2 → [b, h, s, k]. Any dtype, the same for both. Run by {@link Variable.update}: in place when the variable is the only holder.
 * Throws `DTypeError` for two dtypes, and `ShapeError` where another axis differs or the entries do not fit.
 *
 * Gradient: none.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const cache = Variable.holding(zeros([4], on));
 * Variable.update(writeSliceOp, [cache], [tensor([7, 8], [2], on)], { axis: 0, start: 1 });
 * console.log(await cache.value.read()); // Float32Array(4) [ 0, 7, 8, 0 ]
 * ```
 */
export const writeSliceOp: Update<[target: Tensor, source: Tensor], { axis: number; start: number }> = {
  kind: "update",
  name: "writeSlice",
  gradient: null,
  dynamic: ["start"],
  infer: ([target, source], { axis, start }) => {
    const length = source.shape[axis]!;
    expectSameDType("writeSlice", source, target);
    if (!sameShape(withSize(target.shape, axis, length), source.shape)) {
      throw new ShapeError(
        `writeSlice: ${source.dtype} ${show(source.shape)} into ${target.dtype} ${show(target.shape)} along axis ${axis}; all other axes must agree`,
        { target: target.shape, source: source.shape, axis },
      );
    }
    within("writeSlice", target, { axis, start, length });
    return target;
  },
  // What is written, and not all that it is written into: a token's keys into a cache of thousands.
  flops: ([, source]) => sizeOf(source.shape),
};
