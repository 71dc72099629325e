import { isFloat, isQuantized, type DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

export const castOp: Primitive<[x: Tensor], { dtype: DType }> = {
  kind: "primitive",
  name: "cast",
  saves: "none",
  infer: ([x], { dtype }) => {
    if (isQuantized(dtype))
      throw new DTypeError(
        `cast: ${dtype} needs a scale for each group of elements; quantize() the values on the host`,
        {
          dtype,
        },
      );
    return { dtype, shape: x.shape };
  },
  gradient: ({ inputs: [x], upstream, attrs: { dtype } }) => [
    isFloat(x.dtype) && isFloat(dtype) ? () => cast(upstream, x.dtype) : undefined,
  ],
};

/** The same values as another dtype: f32 → i32 drops the fraction, anything → bool is "≠ 0". Already there: an alias. @example `cast(mask, "f32")` */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? reshape(x, x.shape) : apply(castOp, [x], { dtype });
}
