import type { Tensor } from "@tenon/tensor";

import type { Part } from "../part.ts";

/**
 * What is trained beside a matrix that stays as it is. A `Parameter` carries one, and whoever uses the matrix by `timesWeight`, `rowsOf` or `wholeWeight` uses
 * it with its adapter. Each method gets what the matrix itself gives, in whatever way that is stored, and returns what the adapted one gives; its
 * parameters are listed after the matrix, as `weight.adapter.…`. {@link LowRankAdapter} is one.
 *
 * @example
 * ```ts
 * // One number for each output, which its row of the weight is multiplied by.
 * class RowScales extends Part implements WeightAdapter {
 *   readonly scales: Parameter = new Parameter([2], ones);
 *   product(_: Tensor, y: Tensor): Tensor {
 *     return mul(y, this.scales.value);
 *   }
 *   rows(ids: Tensor, y: Tensor): Tensor {
 *     return mul(y, gather(reshape(this.scales.value, [2, 1]), ids));
 *   }
 *   whole(weight: Tensor): Tensor {
 *     return mul(weight, reshape(this.scales.value, [2, 1]));
 *   }
 * }
 * const layer = new Linear({ input: 3, output: 2, bias: false, random: random(1) });
 * layer.weight.adapter = new RowScales();
 * console.log([...layer.parameters().keys()]); // [ 'weight', 'weight.adapter.scales' ]
 * ```
 */
export interface WeightAdapter extends Part {
  /** x […, in], and x Wᵀ without a bias, y […, out] → […, out] */
  product(x: Tensor, y: Tensor): Tensor;
  /** ids […], and the rows of W at them, y […, d] → […, d] */
  rows(ids: Tensor, y: Tensor): Tensor;
  /** W as floats, [out, in] → [out, in] */
  whole(weight: Tensor): Tensor;
}
