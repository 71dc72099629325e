import {
  add,
  cast,
  dequantize,
  gather,
  linear,
  quantizedEmbedding,
  quantizedLinear,
  reshape,
  ShapeError,
  sizeOf,
  sum,
  type Quantized,
  type Shape,
  type Tensor,
  type TensorType,
  type TypedArray,
} from "@tenon/tensor";

import { Parameter } from "../parameter.ts";
import type { QuantizedForm } from "./quantized-form.ts";

/** A weight as levels and scales, and where a format has them offsets: w = level · scale + offset, the last two one for each group of a row. */
export interface QuantizedWeight extends Quantized {
  /** f32 [out, in / group] */
  readonly offsets?: { readonly type: TensorType; readonly data: Float32Array } | undefined;
}

/**
 * Holds a matrix in levels from now on: the parameter keeps its place in every part that shares it, its values become the levels, frozen, and the scales
 * (and offsets) are parameters beside it, frozen too until they are `unfreeze`d. Nothing is rounded: the levels are taken as they are.
 *
 * With offsets o, W = level · scale + o for each group g of a row, so y = x Wᵀ is the product with level · scale, plus (Σ over each group of x) oᵀ, which costs 1 / group
 * of it.
 *
 * Throws `ShapeError` when the levels are not of the parameter's shape, or scales or offsets do not fit them.
 *
 * @example
 * ```ts
 * const layer = await new Linear({ input: 4, output: 1, bias: false, random: random(1) }).to(cpu());
 * await assignQuantized(layer.weight, quantize(Float32Array.of(1, 2, 3, 4), [1, 4], { bits: 4, group: 2 }));
 * console.log([...layer.parameters().keys()]); // [ 'weight', 'weight.scales' ]
 * ```
 */
export async function assignQuantized(parameter: Parameter, weight: QuantizedWeight): Promise<void> {
  const { levels, scales, offsets } = weight;
  const backend = parameter.isPlaced ? parameter.value.backend : undefined;
  expectFit(parameter, weight);
  const form = new GroupScaled(held(scales), offsets && held(offsets));
  // Before the levels: should this fail, the weight is as it was.
  if (backend !== undefined) for (const each of Object.values(form.beside)) await each.place(backend);
  const before = parameter.quantized;
  parameter.become(levels.type, levels.data);
  parameter.quantized = form;
  parameter.frozen = true;
  for (const each of Object.values(before?.beside ?? {})) each[Symbol.dispose]();
}

function expectFit({ type: { shape } }: Parameter, { levels, scales, offsets }: QuantizedWeight): void {
  const refuse = (problem: string): never => {
    throw new ShapeError(
      `assignQuantized: ${problem}; a weight [out, in] takes levels [out, in], and scales and offsets [out, in / group]`,
      {
        shape,
        levels: levels.type.shape,
        scales: scales.type.shape,
        offsets: offsets?.type.shape,
      },
    );
  };
  const text = ([...sizes]: Shape): string => `[${sizes.join(", ")}]`;
  if (shape.length !== 2 || text(levels.type.shape) !== text(shape))
    refuse(`the weight is ${text(shape)}, the levels are ${text(levels.type.shape)}`);
  for (const [name, one] of Object.entries({ scales, offsets })) {
    if (one === undefined) continue;
    const [rows = 0, groups = 0, ...rest] = one.type.shape;
    if (rows !== shape[0] || rest.length > 0 || (groups === 0 ? shape[1] !== 0 : shape[1]! % groups !== 0))
      refuse(`the weight is ${text(shape)}, the ${name} are ${text(one.type.shape)}`);
    if (one.data.length !== rows * groups)
      refuse(`the ${name} ${text(one.type.shape)} have ${one.data.length} numbers`);
  }
  if (offsets !== undefined && offsets.type.shape[1] !== scales.type.shape[1])
    refuse(`the scales are ${text(scales.type.shape)}, the offsets ${text(offsets.type.shape)}`);
}

function held({ type, data }: { readonly type: TensorType; readonly data: Float32Array }): Parameter {
  const parameter = new Parameter(type.shape, () => data);
  parameter.frozen = true;
  return parameter;
}

/** The form of levels that have a scale for each group of a row, and may have an offset. */
class GroupScaled implements QuantizedForm {
  readonly beside: Readonly<Record<string, Parameter>>;
  readonly #scales: Parameter;
  readonly #offsets: Parameter | undefined;

  constructor(scales: Parameter, offsets: Parameter | undefined) {
    this.beside = offsets === undefined ? { scales } : { scales, offsets };
    this.#scales = scales;
    this.#offsets = offsets;
  }

  linear(levels: Tensor, x: Tensor, bias: Tensor | undefined): Tensor {
    const scales = this.#scales.value;
    const offsets = this.#offsets?.value;
    if (offsets === undefined) return quantizedLinear(x, levels, scales, bias);
    const [input, groups] = [levels.shape[1]!, offsets.shape[1]!];
    const sums = sum(reshape(x, [...x.shape.slice(0, -1), groups, input / groups]), -1); // […, groups]
    return add(quantizedLinear(x, levels, scales, bias), linear(sums, cast(offsets, x.dtype)));
  }

  rows(levels: Tensor, ids: Tensor): Tensor {
    const found = quantizedEmbedding(levels, this.#scales.value, ids);
    return this.#offsets === undefined ? found : shifted(found, gather(this.#offsets.value, ids));
  }

  whole(levels: Tensor): Tensor {
    const products = dequantize(levels, this.#scales.value);
    return this.#offsets === undefined ? products : shifted(products, this.#offsets.value);
  }

  async numbers(levels: TypedArray, { dtype, shape }: TensorType): Promise<Float32Array> {
    const scales = await this.#scales.host();
    const offsets = await this.#offsets?.host();
    const values = new Float32Array(sizeOf(shape));
    const group = values.length / scales.length;
    const levelOf =
      dtype === "q4" ? (i: number) => ((levels[i >> 1]! >> (4 * (i & 1))) & 15) - 8 : (i: number) => levels[i]!;
    for (let i = 0; i < values.length; i++) {
      const g = Math.floor(i / group);
      values[i] = levelOf(i) * scales[g]!;
      if (offsets !== undefined) values[i] = values[i]! + offsets[g]!;
    }
    return values;
  }
}

/** x […, n] plus an offset for each group, offsets […, groups]. */
function shifted(x: Tensor, offsets: Tensor): Tensor {
  const groups = offsets.shape.at(-1)!;
  const leading = x.shape.slice(0, -1);
  const byGroup = reshape(x, [...leading, groups, x.shape.at(-1)! / groups]);
  return reshape(add(byGroup, reshape(offsets, [...leading, groups, 1])), x.shape);
}
