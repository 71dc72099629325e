import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { axisOf, sameShape, show, withSize } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { slice } from "./slice.ts";

export const concatOp: Primitive<readonly Tensor[], { axis: number }> = {
  kind: "primitive",
  name: "concat",
  saves: "none",
  infer: (xs, { axis }) => {
    const first = xs[0]!;
    let n = 0;
    for (const x of xs) {
      if (
        x.dtype !== first.dtype ||
        x.shape.length !== first.shape.length ||
        !sameShape(withSize(x.shape, axis, 0), withSize(first.shape, axis, 0))
      ) {
        throw new ShapeError(
          `concat along axis ${axis}: ${first.dtype} ${show(first.shape)} with ${x.dtype} ${show(x.shape)}; dtypes and all other axes must agree`,
          { axis, shapes: xs.map(({ shape }) => shape) },
        );
      }
      n += x.shape[axis]!;
    }
    return { dtype: first.dtype, shape: withSize(first.shape, axis, n) };
  },
  gradient: ({ inputs, upstream, attrs: { axis } }) => {
    let end = 0;
    return inputs.map((x) => {
      const start = end;
      end += x.shape[axis]!;
      return () => slice(upstream, axis, start, x.shape[axis]!);
    });
  },
};

/** Joins tensors that agree but for one axis. Throws `ShapeError` for none at all. @example `concat([a, b], -1)` */
export function concat(xs: readonly Tensor[], axis: number): Tensor {
  if (xs.length === 0) throw new ShapeError("concat of no tensors: at least one is needed to know dtype and shape");
  return apply(concatOp, xs, { axis: axisOf(axis, xs[0]!.rank, "concat") });
}
