import { add, cast, gather, isHalf, linear, type Tensor } from "@tenon/tensor";

import type { Parameter } from "../parameter.ts";

/**
 * x Wᵀ + bias with a matrix that may be held in levels or in 16 bits, and may have an adapter: x […, in], W [out, in], bias [out] → […, out]. A part of your own
 * that uses its weight so, and names it in `matrices`, goes with `quantizeWeights`, `storeWeights` and `attachLora`.
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
  const { adapter } = weight;
  if (adapter === undefined) return product(x, weight, bias);
  const y = adapter.product(x, product(x, weight));
  return bias === undefined ? y : add(y, cast(bias.value, y.dtype));
}

const product = (x: Tensor, { quantized, value }: Parameter, bias?: Parameter): Tensor =>
  quantized?.linear(value, x, bias?.value) ?? linear(x, value, bias?.value);

/**
 * Rows of a table that may be held in levels or in 16 bits, in f32, and may have an adapter: table [v, d], ids i32 […] → […, d].
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
  const y = table.quantized?.rows(table.value, ids) ?? inFloats(gather(table.value, ids));
  return table.adapter?.rows(ids, y) ?? y;
}

/**
 * A weight in f32, written out for the moment where it is held in levels or in 16 bits, with its adapter where it has one: for what {@link timesWeight} and
 * {@link rowsOf} do not say. [out, in], and any shape that is not held in levels.
 *
 * @example
 * ```ts
 * const layer = await new Linear({ input: 32, output: 2, random: random(1) }).to(cpu());
 * await quantizeWeights(layer, { bits: 8 });
 * console.log(layer.weight.value.dtype, wholeWeight(layer.weight).dtype); // q8 f32
 * ```
 */
export function wholeWeight(weight: Parameter): Tensor {
  const whole = weight.quantized?.whole(weight.value) ?? inFloats(weight.value);
  return weight.adapter?.whole(whole) ?? whole;
}

const inFloats = (x: Tensor): Tensor => (isHalf(x.dtype) ? cast(x, "f32") : x);
