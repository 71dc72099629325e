import type { DType } from "../dtype.ts";
import { apply, type Primitive } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

export const castOp: Primitive<[x: Tensor], { dtype: DType }> = {
  kind: "primitive",
  name: "cast",
  gradient: null, // of the dtypes only f32 has derivatives, and a cast starts or ends elsewhere
  infer: ([x], { dtype }) => ({ dtype, shape: x.shape }),
};

/** The same values as another dtype: f32 → i32 drops the fraction, anything → bool is "≠ 0". Already there: an alias. @example `cast(mask, "f32")` */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? reshape(x, x.shape) : apply(castOp, [x], { dtype });
}
