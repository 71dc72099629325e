import { ShapeError } from "../errors.ts";
import { apply, none, type None, type Primitive } from "../op.ts";
import { checkShape, sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectDType } from "./operand.ts";

export const takeAlongOp: Primitive<[x: Tensor, index: Tensor], None> = {
  kind: "primitive",
  name: "takeAlong",
  saves: "inputs",
  infer: ([x, index]) => {
    expectDType("takeAlong", index, "i32", "the index");
    if (
      x.shape.length === 0 ||
      x.shape.length !== index.shape.length ||
      !sameShape(x.shape.slice(0, -1), index.shape.slice(0, -1))
    ) {
      throw new ShapeError(
        `takeAlong: x ${show(x.shape)} and index ${show(index.shape)} must have axes, and agree in all but the last`,
        { x: x.shape, index: index.shape },
      );
    }
    return { dtype: x.dtype, shape: index.shape };
  },
  gradient: ({ inputs: [x, index], upstream }) => [
    () => scatterAlong(index, upstream, x.shape[x.rank - 1]!),
    undefined,
  ],
};

/** Elements of each row: y[…, i] = x[…, index[…, i]]. x […, n], index […, m] → […, m]. @example `takeAlong(logProbabilities, targets)` */
export function takeAlong(x: Tensor, index: Tensor): Tensor {
  return apply(takeAlongOp, [x, index], none);
}

export const scatterAlongOp: Primitive<[index: Tensor, updates: Tensor], { size: number }> = {
  kind: "primitive",
  name: "scatterAlong",
  saves: "inputs",
  infer: ([index, updates], { size }) => {
    expectDType("scatterAlong", index, "i32", "the index");
    if (index.shape.length === 0 || !sameShape(index.shape, updates.shape)) {
      throw new ShapeError(
        `scatterAlong: index ${show(index.shape)} and updates ${show(updates.shape)} must have axes, and agree`,
        { index: index.shape, updates: updates.shape },
      );
    }
    checkShape([size]);
    return { dtype: updates.dtype, shape: [...updates.shape.slice(0, -1), size] };
  },
  gradient: ({ inputs: [index], upstream }) => [undefined, () => takeAlong(upstream, index)],
};

/** Rows of zeros, `size` long, to which updates are added at their index: the gradient of {@link takeAlong}. @example `scatterAlong(index, updates, 10)` */
export function scatterAlong(index: Tensor, updates: Tensor, size: number): Tensor {
  return apply(scatterAlongOp, [index, updates], { size });
}
