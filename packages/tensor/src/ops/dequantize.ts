import { isQuantized } from "../dtype.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import { apply, none, type None, type Primitive } from "../op.ts";
import { sameShape, show, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { expectFloat } from "./operand.ts";
import { expand, sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { iota } from "./source.ts";

/** How many levels share a scale. Throws unless levels […, n] and scales […, n / group] belong together. */
export function groupOf(op: string, levels: TensorType, scales: TensorType): number {
  if (!isQuantized(levels.dtype))
    throw new DTypeError(
      `${op}: the levels must be q8 or q4, got ${levels.dtype}; quantize() makes levels and scales of a weight`,
      { op, expected: ["q8", "q4"], actual: levels.dtype },
    );
  expectFloat(op, scales, "the scales");
  const n = levels.shape.at(-1);
  const groups = scales.shape.at(-1);
  const fits = n !== undefined && groups !== undefined && (groups === 0 ? n === 0 : n % groups === 0);
  if (!fits || !sameShape(levels.shape.slice(0, -1), scales.shape.slice(0, -1)))
    throw new ShapeError(
      `${op}: levels ${show(levels.shape)} with scales ${show(scales.shape)}: levels are […, n], and scales […, n / group], one for each group`,
      { op, levels: levels.shape, scales: scales.shape },
    );
  return groups === 0 ? 1 : n / groups;
}

/** The gradient of the scales from that of the weight: Σ over each group of gradient · level. */
export function scalesGradient(gradient: Tensor, levels: Tensor, scales: TensorType): Tensor {
  const along = mul(gradient, plainLevels(levels, scales));
  return sum(reshape(along, [...scales.shape, groupOf("dequantize", levels, scales)]), -1);
}
/** The levels as floats: what they give when every scale is 1. */
const plainLevels = (levels: Tensor, { dtype, shape }: TensorType): Tensor =>
  dequantize(levels, onesLike({ dtype, shape }, levels));
/** Ones of a type, where a tensor lives. */
export const onesLike = ({ dtype, shape }: TensorType, { backend }: Tensor): Tensor =>
  expand(cast(iota(1, 1, backend), dtype), shape);

export const dequantizeOp: Primitive<[levels: Tensor, scales: Tensor], None> = {
  kind: "primitive",
  name: "dequantize",
  takesQuantized: true,
  saves: "inputs",
  infer: ([levels, scales]) => {
    groupOf("dequantize", levels, scales);
    return { dtype: scales.dtype, shape: levels.shape };
  },
  gradient: ({ inputs: [levels, scales], upstream }) => [
    undefined,
    () => scalesGradient(upstream, levels, scales.type),
  ],
};

/**
 * The weight that group-quantised levels stand for: y[…, i] = levels[…, i] · scales[…, ⌊i / group⌋], with group = n / (scales in a row).
 * levels q8 or q4 […, n], scales f32, f16 or bf16 […, n / group] → […, n] in the dtype of the scales. {@link quantizedLinear} and
 * {@link quantizedEmbedding} use levels without writing the whole weight out, where a backend has kernels for them.
 *
 * Throws `DTypeError` for levels that are none and scales that are no floats, and `ShapeError` when the two do not belong together.
 *
 * Gradient: for the scales, the sum over each group of upstream · level; none for the levels, which are whole numbers.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const levels = tensor([-8, 7, 1, 0], [1, 4], on, "q4");
 * const scales = tensor([0.5, 10], [1, 2], on);
 * console.log(await dequantize(levels, scales).read()); // Float32Array(4) [ -4, 3.5, 10, 0 ]
 * ```
 */
export function dequantize(levels: Tensor, scales: Tensor): Tensor {
  return apply(dequantizeOp, [levels, scales], none);
}
