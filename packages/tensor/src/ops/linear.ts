import { isHalf } from "../dtype.ts";
import { ShapeError } from "../errors.ts";
import { apply, none, type Composite, type None } from "../op.ts";
import { show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { matmul } from "./matmul.ts";
import { expectDType, expectFloat } from "./operand.ts";
import { unbroadcast } from "./reduce.ts";
import { reshape } from "./reshape.ts";

/** […, d] as [rows, d]. */
const rows = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.rank - 1]!]);

export const linearOp: Composite<[x: Tensor, weight: Tensor, bias: Tensor | undefined], None> = {
  kind: "composite",
  name: "linear",
  infer: ([x, weight, bias]) => {
    const dtype = expectFloat("linear", x, "x");
    if (dtype !== "f32" || !isHalf(weight.dtype)) expectDType("linear", weight, dtype, "the weight");
    if (bias !== undefined && bias.dtype !== weight.dtype) expectDType("linear", bias, dtype, "the bias");
    const [output, input] = weight.shape;
    if (weight.shape.length !== 2 || x.shape.at(-1) !== input) {
      throw new ShapeError(
        `linear: x ${show(x.shape)} with weight ${show(weight.shape)}: the weight is [out, in], and x ends with in`,
        { x: x.shape, weight: weight.shape },
      );
    }
    if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== output)) {
      throw new ShapeError(`linear: the bias must be [${output}], got ${show(bias.shape)}`, {
        bias: bias.shape,
        output,
      });
    }
    return { dtype, shape: [...x.shape.slice(0, -1), output!] };
  },
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
};

/**
 * x Wᵀ + bias: x […, in], weight [out, in], bias [out] → […, out]. Throws `ShapeError` where sizes differ.
 *
 * @example
 * ```ts
 * linear(x, weight, bias);
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  return apply(linearOp, [x, weight, bias], none);
}
