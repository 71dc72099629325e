import { ShapeError } from "../errors.ts";
import { apply, none, type Composite, type None } from "../op.ts";
import { show, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { expectDType } from "./operand.ts";
import { unbroadcast } from "./reduce.ts";
import { reshape } from "./reshape.ts";

/** […, d] as [rows, d]. */
const rows = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape[x.rank - 1]!]);

export const linearOp: Composite<[x: Tensor, weight: Tensor, bias: Tensor | undefined], None> = {
  kind: "composite",
  name: "linear",
  infer: ([x, weight, bias]) => {
    expectDType("linear", x, "f32", "x");
    expectDType("linear", weight, "f32", "the weight");
    if (bias !== undefined) expectDType("linear", bias, "f32", "the bias");
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
    return { dtype: "f32", shape: [...x.shape.slice(0, -1), output!] };
  },
  saves: "inputs",
  compose: ([x, weight, bias]) => {
    const y = reshape(matmul(rows(x), weight, { transposeB: true }), [...x.shape.slice(0, -1), weight.shape[0]!]);
    return bias === undefined ? y : add(y, bias);
  },
  gradient: ({ inputs: [x, weight, bias], upstream }) => [
    () => reshape(matmul(rows(upstream), weight), x.shape),
    () => matmul(rows(upstream), rows(x), { transposeA: true }),
    bias && (() => unbroadcast(upstream, bias.shape)),
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
