import { DTypeError, ShapeError } from "../errors.ts";
import { apply, none, type Composite, type None } from "../op.ts";
import { show, sizeOf, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { dequantize, groupOf, onesLike, scalesGradient } from "./dequantize.ts";
import { gather, scatterAdd } from "./gather.ts";
import { linear } from "./linear.ts";
import { matmul } from "./matmul.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { sum, unbroadcast } from "./reduce.ts";
import { mul } from "./arithmetic.ts";
import { reshape } from "./reshape.ts";

/** […, d] as [rows, d]. */
const rows = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.rank - 1]!]);
/** The weight in the dtype of x: rounded to it once, as a product with halves needs it, and in f32 not rounded at all. */
const weightFor = (x: Tensor, levels: Tensor, scales: Tensor): Tensor =>
  cast(dequantize(levels, x.dtype === "f32" ? cast(scales, "f32") : scales), x.dtype);

function expectMatrix(op: string, levels: TensorType, axes: string): void {
  if (levels.shape.length !== 2)
    throw new ShapeError(`${op}: the levels must be ${axes}, got ${show(levels.shape)}`, { op, levels: levels.shape });
}

export const quantizedLinearOp: Composite<[x: Tensor, levels: Tensor, scales: Tensor, bias: Tensor | undefined], None> =
  {
    kind: "composite",
    name: "quantizedLinear",
    takesQuantized: true,
    saves: "inputs",
    infer: ([x, levels, scales, bias]) => {
      const dtype = expectFloat("quantizedLinear", x, "x");
      groupOf("quantizedLinear", levels, scales);
      if (scales.dtype !== dtype && scales.dtype !== "f32" && dtype !== "f32")
        throw new DTypeError(
          `quantizedLinear: the scales must be f32 or of x's dtype ${dtype}, got ${scales.dtype}; cast() them`,
          { expected: ["f32", dtype], actual: scales.dtype },
        );
      if (bias !== undefined && bias.dtype !== scales.dtype) expectDType("quantizedLinear", bias, dtype, "the bias");
      expectMatrix("quantizedLinear", levels, "[out, in]");
      const [output, input] = levels.shape;
      if (x.shape.at(-1) !== input)
        throw new ShapeError(
          `quantizedLinear: x ${show(x.shape)} with levels ${show(levels.shape)}: the levels are [out, in], and x ends with in`,
          { x: x.shape, levels: levels.shape },
        );
      if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== output))
        throw new ShapeError(`quantizedLinear: the bias must be [${output}], got ${show(bias.shape)}`, {
          bias: bias.shape,
          output,
        });
      return { dtype, shape: [...x.shape.slice(0, -1), output!] };
    },
    flops: ([, levels, , bias], output) => sizeOf(output.shape) * (2 * levels.shape[1]! + (bias === undefined ? 0 : 1)),
    compose: ([x, levels, scales, bias]) =>
      linear(x, weightFor(x, levels, scales), bias === undefined ? undefined : cast(bias, x.dtype)),
    gradient: ({ inputs: [x, levels, scales, bias], upstream }) => [
      () => reshape(matmul(rows(upstream), weightFor(x, levels, scales)), x.shape),
      undefined,
      () => {
        const dtype = x.dtype === scales.dtype ? x.dtype : "f32";
        const weight = cast(matmul(rows(upstream), rows(x), { transposeA: true }), dtype);
        return cast(scalesGradient(weight, levels, { dtype, shape: scales.shape }), scales.dtype);
      },
      bias && (() => cast(unbroadcast(upstream, bias.shape), bias.dtype)),
    ],
  };

/**
 * x Wᵀ + bias with a group-quantised weight, W = {@link dequantize}(levels, scales): x […, in], levels q8 or q4 [out, in],
 * scales [out, in / group], bias [out] → […, out] in the dtype of x.
 *
 * x, scales and bias are f32, f16 or bf16. x and the scales have one dtype, or either of them is f32: scales are stored as small as
 * one likes, and a model may compute in halves with scales as {@link quantize} makes them. The bias has the dtype of x or of the scales.
 * Nothing else is mixed: f16 with bf16 throws `DTypeError`. Sizes that do not fit throw `ShapeError`.
 *
 * Gradient: upstream W for x; for the scales the sum over each group of (upstreamᵀ x) · level; upstream summed over the rows for
 * the bias; none for the levels. So what was quantised stays as it is, and what is around it can be trained (Dettmers et al. 2023, QLoRA).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const { levels, scales } = quantize(Float32Array.of(1, 2, 3, 4, -1, 0, 0, 1), [2, 4], { bits: 8, group: 2 });
 * const [l, s] = [on.upload(levels.data, levels.type), on.upload(scales.data, scales.type)];
 * const y = quantizedLinear(tensor([1, 1, 1, 1], [1, 4], on), l, s);
 * console.log((await y.read()).map((value) => Math.round(value))); // Float32Array(2) [ 10, 0 ]
 * ```
 */
export function quantizedLinear(x: Tensor, levels: Tensor, scales: Tensor, bias?: Tensor): Tensor {
  return apply(quantizedLinearOp, [x, levels, scales, bias], none);
}

export const quantizedEmbeddingOp: Composite<[levels: Tensor, scales: Tensor, ids: Tensor], None> = {
  kind: "composite",
  name: "quantizedEmbedding",
  takesQuantized: true,
  saves: "inputs",
  infer: ([levels, scales, ids]) => {
    groupOf("quantizedEmbedding", levels, scales);
    expectDType("quantizedEmbedding", ids, "i32", "ids");
    expectMatrix("quantizedEmbedding", levels, "[v, d]");
    return { dtype: scales.dtype, shape: [...ids.shape, levels.shape[1]!] };
  },
  // Levels cannot be gathered: that would make every op that moves elements know how they are packed.
  compose: ([levels, scales, ids]) => gather(dequantize(levels, scales), ids),
  gradient: ({ inputs: [levels, scales, ids], upstream }) => [
    undefined,
    () => {
      const found = mul(upstream, quantizedEmbedding(levels, onesLike(scales.type, levels), ids));
      const [v, groups] = scales.shape as [number, number];
      const group = groupOf("quantizedEmbedding", levels.type, scales.type);
      return scatterAdd(ids, sum(reshape(found, [...ids.shape, groups, group]), -1), v);
    },
    undefined,
  ],
};

/**
 * Rows of a group-quantised table: levels q8 or q4 [v, d], scales f32, f16 or bf16 [v, d / group], ids i32 […] → […, d] in the dtype of
 * the scales. A backend with a kernel for it expands only the rows that are asked for; the composition expands the whole table, for a
 * moment. Ids are checked where they are made (see `ids`).
 *
 * Throws `DTypeError` for levels that are none, scales that are no floats and ids that are not i32, and `ShapeError` where sizes do not fit.
 *
 * Gradient: for the scales, the sum over each group of upstream · level, added up at each id; none for levels and ids.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const levels = tensor([1, 2, 3, 4, 5, 6], [3, 2], on, "q8");
 * const scales = tensor([0.5, 1, 10], [3, 1], on);
 * const rows = quantizedEmbedding(levels, scales, ids([2, 0], [2], on, { limit: 3 }));
 * console.log(await rows.read()); // Float32Array(4) [ 50, 60, 0.5, 1 ]
 * ```
 */
export function quantizedEmbedding(levels: Tensor, scales: Tensor, ids: Tensor): Tensor {
  return apply(quantizedEmbeddingOp, [levels, scales, ids], none);
}
