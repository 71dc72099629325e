import { Module, wholeWeight, type Parameter, type QuantizablePart } from "@tenon/nn";
import { matmul, reshape, ShapeError, sizeOf, type Tensor } from "@tenon/tensor";

/**
 * The way back through a linear map, with its own weight: y = x W, where the map is x Wᵀ with W [out, in]: x […, out] → […, in]. The weight is
 * the map's parameter, not a copy; a bias of the map has no part in it.
 *
 * `forward` throws `ShapeError` when x does not end with `out`.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const map = await new Linear({ input: 4, output: 16, random: random(1) }).to(on);
 * console.log(new TransposedLinear(map).forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 4 ]
 * ```
 */
export class TransposedLinear extends Module<[x: Tensor], Tensor> implements QuantizablePart {
  readonly weight: Parameter;

  constructor(map: { readonly weight: Parameter }) {
    super();
    this.weight = map.weight;
  }

  get matrices(): readonly Parameter[] {
    return [this.weight];
  }

  protected override compute(x: Tensor): Tensor {
    const [output, input] = this.weight.type.shape as [number, number];
    if (x.shape.at(-1) !== output) {
      throw new ShapeError(
        `TransposedLinear: x must end with ${output}, as the results of the map [${output}, ${input}] do, got [${x.shape.join(", ")}]`,
        { x: x.shape, weight: this.weight.type.shape },
      );
    }
    const leading = x.shape.slice(0, -1);
    // […, out] → [rows, out] → [rows, in] → […, in]
    return reshape(matmul(reshape(x, [sizeOf(leading), output]), wholeWeight(this.weight)), [...leading, input]);
  }
}
