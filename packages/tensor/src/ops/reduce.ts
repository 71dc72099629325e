import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { axisOf, broadcast, checkShape, sameShape, show, withSize, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectFloat } from "./operand.ts";
import { reshape } from "./reshape.ts";

/** Which axes a reduction takes: one, several, or all. */
export type Axes = number | readonly number[] | undefined;
export interface ReduceOptions {
  /** Keep each reduced axis, with size 1. Default false. */
  readonly keepDims?: boolean;
}
/** Reductions over one axis, which stays, with size 1. Several axes are several reductions. */
export type Reduction = Primitive<[x: Tensor], { axis: number }>;

export function reduced(op: string): Reduction["infer"] {
  return ([x], { axis }) => {
    if (x.dtype !== "i32") expectFloat(op, x);
    return { dtype: x.dtype, shape: withSize(x.shape, axis, 1) };
  };
}

/** Applies a reduction to each axis, and drops the axes unless they are to be kept. */
export function reduceAxes(op: Reduction, x: Tensor, axes: Axes, keepDims: boolean): Tensor {
  const list = axes === undefined ? x.shape.map((_, i) => i) : typeof axes === "number" ? [axes] : axes;
  const chosen = new Set(list.map((axis) => axisOf(axis, x.rank, op.name)));
  let y = x;
  for (const axis of chosen) y = apply(op, [y], { axis });
  return keepDims && y !== x ? y : reshape(y, keepDims ? y.shape : y.shape.filter((_, i) => !chosen.has(i)));
}

export const sumOp: Reduction = {
  kind: "primitive",
  name: "sum",
  infer: reduced("sum"),
  saves: "none",
  gradient: ({ inputs: [x], upstream }) => [() => expand(upstream, x.shape)],
};

/**
 * Sums over axes (all of them by default): x [b, d], axes −1 → [b]. f32; cast() whole numbers and masks first. Throws
 * `DTypeError` for another dtype and `ShapeError` for an axis that x does not have.
 *
 * @example
 * ```ts
 * sum(tensor([1, 2, 3, 4], [2, 2], cpu()), 0); // [4, 6]
 * ```
 */
export function sum(x: Tensor, axes?: Axes, { keepDims = false }: ReduceOptions = {}): Tensor {
  return reduceAxes(sumOp, x, axes, keepDims);
}

export const expandOp: Primitive<[x: Tensor], { shape: Shape }> = {
  kind: "primitive",
  name: "expand",
  saves: "none",
  infer: ([x], { shape }) => {
    checkShape(shape);
    if (!sameShape(broadcast(x.shape, shape, "expand"), shape)) {
      throw new ShapeError(`expand: ${show(x.shape)} cannot become ${show(shape)}: only axes of size 1 grow`, {
        from: x.shape,
        to: shape,
      });
    }
    return { dtype: x.dtype, shape };
  },
  gradient: ({ inputs: [x], upstream }) => [() => unbroadcast(upstream, x.shape)],
};

/**
 * Repeats x along axes of size 1 (and along new leading axes) up to `shape`. Throws `ShapeError` where a size differs and is not 1.
 *
 * @example
 * ```ts
 * expand(tensor([1, 2], [2, 1], cpu()), [2, 3]); // [[1, 1, 1], [2, 2, 2]]
 * ```
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  return apply(expandOp, [x], { shape });
}

/** Sums away what broadcasting to a larger shape repeated: the gradient of every broadcast. */
export function unbroadcast(x: Tensor, shape: Shape): Tensor {
  const extra = x.rank - shape.length;
  const axes: number[] = [];
  for (let i = 0; i < x.rank; i++) if (i < extra || (shape[i - extra] === 1 && x.shape[i] !== 1)) axes.push(i);
  const y = axes.length === 0 ? x : sum(x, axes, { keepDims: true });
  return extra === 0 ? y : reshape(y, shape);
}
