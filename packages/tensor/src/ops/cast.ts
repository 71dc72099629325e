import { expectKnown, isFloat, isQuantized, type DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

export const castOp: Primitive<[x: Tensor], { dtype: DType }> = {
  kind: "primitive",
  name: "cast",
  saves: "none",
  infer: ([x], { dtype }) => {
    expectKnown("cast", dtype);
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

/**
 * The same values as another dtype: any shape and any dtype but q8 and q4, of which {@link quantize} makes levels and scales.
 *
 * - to f32, f16 and bf16: rounded once to nearest, ties to even; what is too large becomes infinite. i32 → f16 and bf16 goes by way of f32.
 * - to i32 and u8: without the fraction, and no further than the ends of the range; NaN becomes 0
 * - to bool: is it not 0? NaN is not.
 *
 * To its own dtype it is an alias. Throws `DTypeError` from and to q8 and q4.
 *
 * Gradient: upstream as the dtype of x between floats, and none to or from the others.
 *
 * @example
 * ```ts
 * const x = tensor([1.9, -1.9, 300, NaN], [4], cpu());
 * console.log(await cast(x, "i32").read()); // Int32Array(4) [ 1, -1, 300, 0 ]
 * console.log(await cast(x, "u8").read(), await cast(x, "bool").read()); // Uint8Array(4) [ 1, 0, 255, 0 ] Uint8Array(4) [ 1, 1, 1, 1 ]
 * ```
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? reshape(x, x.shape) : apply(castOp, [x], { dtype });
}
