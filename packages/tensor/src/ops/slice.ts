import { ShapeError } from "../errors.ts";
import { apply, type Primitive, type Update } from "../op.ts";
import { axisOf, sameShape, show, withSize, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

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

/** `length` entries of one axis, from `start` on. Throws `ShapeError` beyond the end. @example `slice(x, 1, 0, 4)` is x[:, 0:4]. */
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

/** Zeros (false) before and after the entries of one axis. @example `pad(x, 0, 1, 0)` */
export function pad(x: Tensor, axis: number, before: number, after: number): Tensor {
  return apply(padOp, [x], { axis: axisOf(axis, x.rank, "pad"), before, after });
}

/** Replaces `target` by itself with `source` written over axis entries start, start + 1, …; in place when the variable is its only holder. */
export const writeSliceOp: Update<[target: Tensor, source: Tensor], { axis: number; start: number }> = {
  kind: "update",
  name: "writeSlice",
  gradient: null,
  dynamic: ["start"],
  infer: ([target, source], { axis, start }) => {
    const length = source.shape[axis]!;
    if (source.dtype !== target.dtype || !sameShape(withSize(target.shape, axis, length), source.shape)) {
      throw new ShapeError(
        `writeSlice: ${source.dtype} ${show(source.shape)} into ${target.dtype} ${show(target.shape)} along axis ${axis}; dtypes and all other axes must agree`,
        { target: target.shape, source: source.shape, axis },
      );
    }
    within("writeSlice", target, { axis, start, length });
    return target;
  },
};
