import { gather, linear, type Tensor } from "@tenon/tensor";

import type { Parameter } from "../parameter.ts";

/**
 * x Wᵀ + bias with a matrix that may be held in levels: x […, in], W [out, in], bias [out] → […, out]. A part of your own that uses its weight so, and
 * names it in `matrices`, can be quantised by `quantizeWeights`.
 *
 * Throws `ShapeError` where sizes differ.
 *
 * @example
 * ```ts
 * class Halved extends Module<[x: Tensor], Tensor> implements QuantizablePart {
 *   readonly weight: Parameter = new Parameter([2, 4], ones);
 *   get matrices(): readonly Parameter[] {
 *     return [this.weight];
 *   }
 *   protected override compute(x: Tensor): Tensor {
 *     return timesWeight(mul(x, 0.5), this.weight);
 *   }
 * }
 * const part = await new Halved().to(cpu());
 * console.log(await quantizeWeights(part, { bits: 8, group: 4 })); // [ 'weight' ]
 * ```
 */
export function timesWeight(x: Tensor, weight: Parameter, bias?: Parameter): Tensor {
  return weight.quantized?.linear(weight.value, x, bias?.value) ?? linear(x, weight.value, bias?.value);
}

/**
 * Rows of a table that may be held in levels: table [v, d], ids i32 […] → […, d].
 *
 * Throws `DTypeError` for ids that are not i32.
 *
 * @example
 * ```ts
 * const table = new Parameter([3, 2], ones);
 * await table.place(cpu());
 * console.log(rowsOf(table, tensor([2, 0], [2], table.value.backend, "i32")).shape); // [ 2, 2 ]
 * ```
 */
export function rowsOf(table: Parameter, ids: Tensor): Tensor {
  return table.quantized?.rows(table.value, ids) ?? gather(table.value, ids);
}

/**
 * A weight in floats, written out for the moment where it is held in levels: for what {@link timesWeight} and {@link rowsOf} do not say. [out, in], and any
 * shape that is not held in levels.
 *
 * @example
 * ```ts
 * const layer = await new Linear({ input: 32, output: 2, random: random(1) }).to(cpu());
 * await quantizeWeights(layer, { bits: 8 });
 * console.log(layer.weight.value.dtype, wholeWeight(layer.weight).dtype); // q8 f32
 * ```
 */
export function wholeWeight(weight: Parameter): Tensor {
  return weight.quantized?.whole(weight.value) ?? weight.value;
}
