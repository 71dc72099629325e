import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { scoped } from "../scope.ts";
import { axisOf, sameShape, show, withSize } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectSameDType } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

export const concatOp: Primitive<readonly Tensor[], { axis: number }> = {
  kind: "primitive",
  name: "concat",
  saves: "none",
  infer: (xs, { axis }) => {
    const first = xs[0]!;
    let n = 0;
    for (const x of xs) {
      expectSameDType("concat", first, x);
      if (
        x.shape.length !== first.shape.length ||
        !sameShape(withSize(x.shape, axis, 0), withSize(first.shape, axis, 0))
      ) {
        throw new ShapeError(
          `concat along axis ${axis}: ${first.dtype} ${show(first.shape)} with ${x.dtype} ${show(x.shape)}; all other axes must agree`,
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

/**
 * Joins tensors along an axis in which alone they may differ: [b, s, d] and [b, t, d], 1 → [b, s + t, d]. Any dtype, the same for
 * all. Throws `DTypeError` for two dtypes, and `ShapeError` for no tensors, an axis that they do not have, and shapes that differ
 * elsewhere.
 *
 * Gradient: to each tensor its part of the upstream gradient.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const joined = concat([tensor([1, 2, 3, 4], [2, 2], on), tensor([5, 6], [2, 1], on)], -1);
 * console.log(joined.shape, await joined.read()); // [ 2, 3 ] Float32Array(6) [ 1, 2, 5, 3, 4, 6 ]
 * ```
 */
export function concat(xs: readonly Tensor[], axis: number): Tensor {
  if (xs.length === 0) throw new ShapeError("concat of no tensors: at least one is needed to know dtype and shape");
  return apply(concatOp, xs, { axis: axisOf(axis, xs[0]!.rank, "concat") });
}

/**
 * Joins tensors of one shape along a new axis, counted in the result: two of [t, d], 0 → [2, t, d]. Any dtype, the same for all.
 * Throws `DTypeError` for two dtypes, and `ShapeError` for no tensors, shapes that differ, and an axis that the result does not have.
 *
 * Gradient: to each tensor its part of the upstream gradient.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const pairs = stack([tensor([1, 2, 3], [3], on), tensor([4, 5, 6], [3], on)], -1);
 * console.log(pairs.shape, await pairs.read()); // [ 3, 2 ] Float32Array(6) [ 1, 4, 2, 5, 3, 6 ]
 * ```
 */
export function stack(xs: readonly Tensor[], axis: number): Tensor {
  const [first] = xs;
  if (first === undefined) throw new ShapeError("stack of no tensors: at least one is needed to know dtype and shape");
  for (const x of xs) {
    expectSameDType("stack", first, x);
    if (!sameShape(x.shape, first.shape))
      throw new ShapeError(`stack: ${show(first.shape)} with ${show(x.shape)}; shapes must agree`, {
        shapes: xs.map(({ shape }) => shape),
      });
  }
  const at = axisOf(axis, first.rank + 1, "stack");
  const shape = first.shape.toSpliced(at, 0, 1);
  return scoped(() =>
    concat(
      xs.map((x) => reshape(x, shape)),
      at,
    ),
  );
}
