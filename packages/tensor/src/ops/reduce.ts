import { isHalf } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import {
  axisOf,
  broadcast,
  checkShape,
  sameShape,
  show,
  sizeOf,
  withSize,
  type Shape,
  type TensorType,
} from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectNumber } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { widened } from "./widened.ts";

/** Which axes a reduction takes: one, several (`[]` is none), or all. */
export type Axes = number | readonly number[] | undefined;
/** How a reduction over axes leaves its result. */
export interface ReduceOptions {
  /** Keep each reduced axis, with size 1. Default false. */
  readonly keepDims?: boolean;
}
/** Reductions over one axis, which stays, with size 1. Several axes are several reductions. */
export type Reduction = Primitive<[x: Tensor], { axis: number }>;

/** The type of a reduction's result. */
export function reduced(op: string, x: TensorType, axis: number): TensorType {
  expectNumber(op, x);
  return { dtype: x.dtype, shape: withSize(x.shape, axis, 1) };
}

/** The axes counted from the front. Throws `ShapeError` for one that is not there and for one that is named twice. */
export function axesOf(axes: Axes, rank: number, op: string): readonly number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  if (typeof axes === "number") return [axisOf(axes, rank, op)];
  if (!Array.isArray(axes))
    throw new ShapeError(`${op}: axes must be a number or a list of numbers, got ${JSON.stringify(axes)}`, {
      op,
      axes,
    });
  const chosen = (axes as readonly number[]).map((axis) => axisOf(axis, rank, op));
  const twice = chosen.find((axis, i) => chosen.indexOf(axis) !== i);
  if (twice !== undefined)
    throw new ShapeError(`${op}: axes ${show(axes)} name axis ${twice} twice; name each once`, { op, axes, rank });
  return chosen;
}

/** Applies a reduction to each of the axes, counted from the front, and drops them unless they are to be kept. */
export function reduceAxes(op: Reduction, x: Tensor, chosen: readonly number[], keepDims: boolean): Tensor {
  let y = x;
  const replaced = (z: Tensor): void => {
    if (y !== x) y[Symbol.dispose](); // a step in between, which nobody else will free outside a scope
    y = z;
  };
  for (const axis of chosen) replaced(apply(op, [y], { axis }));
  if (!keepDims || y === x) replaced(reshape(y, keepDims ? y.shape : y.shape.filter((_, i) => !chosen.includes(i))));
  return y;
}

export const sumOp: Reduction = {
  kind: "primitive",
  name: "sum",
  infer: ([x], { axis }) => reduced("sum", x, axis),
  saves: "none",
  gradient: ({ inputs: [x], upstream }) => [() => expand(upstream, x.shape)],
  flops: ([x]) => sizeOf(x.shape),
};

/**
 * Sums over axes (all of them by default): x [b, d], axes −1 → [b]. f32, f16, bf16 or i32, which wraps around at 32 bits; cast()
 * masks first. Over nothing it is 0. Throws `DTypeError` for another dtype and `ShapeError` for an axis that x does not have or
 * that is named twice.
 *
 * Gradient: the upstream gradient, repeated over the axes.
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4], [2, 2], cpu());
 * console.log(await sum(x, 0).read()); // Float32Array(2) [ 4, 6 ]
 * console.log(sum(x, 0, { keepDims: true }).shape); // [ 1, 2 ]
 * ```
 */
export function sum(x: Tensor, axes?: Axes, { keepDims = false }: ReduceOptions = {}): Tensor {
  const chosen = axesOf(axes, x.rank, "sum");
  return chosen.length > 1 && isHalf(x.dtype)
    ? widened(x, (wide) => reduceAxes(sumOp, wide, chosen, keepDims)) // rounded once, not after each axis
    : reduceAxes(sumOp, x, chosen, keepDims);
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
 * Repeats x along axes of size 1 (and along new leading axes) up to `shape`: [b, 1, d] → [b, t, d]. Any dtype. Throws
 * `ShapeError` where a size differs and is not 1. To repeat other axes see {@link repeat}.
 *
 * Gradient: the upstream gradient, summed over what was repeated.
 *
 * @example
 * ```ts
 * const column = tensor([1, 2], [2, 1], cpu());
 * console.log(await expand(column, [2, 3]).read()); // Float32Array(6) [ 1, 1, 1, 2, 2, 2 ]
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
