import { isHalf } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { apply, none, type Composite, type Mapped, type None } from "../op.ts";
import { show, sizeOf, type TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { matmul } from "./matmul.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { unbroadcast } from "./reduce.ts";
import { reshape } from "./reshape.ts";

export type LinearInputs = [x: Tensor, weight: Tensor, bias: Tensor | undefined];

/** […, d] as [rows, d]. */
const rows = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.rank - 1]!]);

export function linearType(op: string, [x, weight, bias]: Mapped<LinearInputs, TensorType>): TensorType {
  const dtype = expectFloat(op, x, "x");
  const stored = (weight as TensorType | undefined)?.dtype;
  if (dtype !== "f32" || stored === undefined || !isHalf(stored)) expectDType(op, weight, dtype, "the weight");
  if (bias !== undefined && bias.dtype !== weight.dtype) expectDType(op, bias, dtype, "the bias");
  const [output, input] = weight.shape;
  if (weight.shape.length !== 2 || x.shape.at(-1) !== input) {
    throw new ShapeError(
      `${op}: x ${show(x.shape)} with weight ${show(weight.shape)}: the weight is [out, in], and x ends with in`,
      { x: x.shape, weight: weight.shape },
    );
  }
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== output)) {
    throw new ShapeError(`${op}: the bias must be [${output}], got ${show(bias.shape)}`, {
      bias: bias.shape,
      output,
    });
  }
  return { dtype, shape: [...x.shape.slice(0, -1), output!] };
}

export const linearFlops = ([, weight, bias]: Mapped<LinearInputs, TensorType>, y: TensorType): number =>
  sizeOf(y.shape) * (2 * weight.shape[1]! + (bias === undefined ? 0 : 1));

export const linearOp: Composite<LinearInputs, None> = {
  kind: "composite",
  name: "linear",
  infer: (types) => linearType("linear", types),
  saves: "inputs",
  compose: ([x, weight, bias]) => {
    const product = matmul(rows(x), cast(weight, x.dtype), { transposeB: true });
    const y = reshape(product, [...x.shape.slice(0, -1), weight.shape[0]!]);
    return bias === undefined ? y : add(y, cast(bias, x.dtype));
  },
  gradient: ({ inputs: [x, weight, bias], upstream }) => [
    () => reshape(matmul(rows(upstream), cast(weight, x.dtype)), x.shape),
    () => cast(matmul(rows(upstream), rows(x), { transposeA: true }), weight.dtype),
    bias && (() => cast(unbroadcast(upstream, bias.shape), bias.dtype)),
  ],
  flops: linearFlops,
};

/**
 * A linear map of the last axis, y = x Wᵀ + bias: x […, in], weight [out, in], bias [out] → […, out], in the dtype of x.
 * Without a bias that step is left out. f32, f16 or bf16, all of one dtype, with one exception: where x is f32 the weight
 * and its bias may be f16 or bf16, stored small and computed in f32.
 *
 * Throws `ShapeError` where sizes differ and `DTypeError` for other dtypes.
 *
 * Gradient: with g the upstream gradient, g W to x, gᵀ x to the weight, the sum of g over all rows to the bias, each
 * in the dtype of what it belongs to.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const x = tensor([1, 2, 3], [1, 3], on);
 * const weight = tensor([1, 0, 0, 0, -1, -1], [2, 3], on);
 * const bias = tensor([10, 0], [2], on);
 * console.log(await linear(x, weight).read()); // Float32Array(2) [ 1, -5 ]
 * console.log(await linear(x, weight, bias).read()); // Float32Array(2) [ 11, -5 ]
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  return apply(linearOp, [x, weight, bias], none);
}
