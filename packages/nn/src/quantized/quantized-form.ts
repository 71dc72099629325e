import type { Tensor, TensorType, TypedArray } from "@tenon/tensor";

import type { Parameter } from "../parameter.ts";

/**
 * How a matrix is used whose values are levels, and what belongs to them. A `Parameter` carries one while it is held in levels, so that parts which only
 * multiply or look up pay nothing for it: {@link timesWeight}, {@link rowsOf} and {@link wholeWeight} ask the parameter.
 */
export interface QuantizedForm {
  /** Parameters beside the levels, by the name under which they are listed: `scales`, and `offsets` where there are some. */
  readonly beside: Readonly<Record<string, Parameter>>;
  /** x Wᵀ + bias: levels [out, in], x […, in] → […, out] */
  linear(levels: Tensor, x: Tensor, bias: Tensor | undefined): Tensor;
  /** W[ids]: levels [v, d], ids […] → […, d] */
  rows(levels: Tensor, ids: Tensor): Tensor;
  /** W as floats, [out, in]. */
  whole(levels: Tensor): Tensor;
  /** The same on the host, from levels as `host()` gives them. */
  numbers(levels: TypedArray, type: TensorType): Promise<Float32Array>;
}
