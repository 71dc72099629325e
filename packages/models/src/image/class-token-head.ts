import { Linear, Module, type Activation } from "@tenon/nn";
import { reshape, ShapeError, slice, type Random, type Tensor } from "@tenon/tensor";

/** What a {@link ClassTokenHead} is made from. */
export interface ClassTokenHeadOptions {
  /** Width d of the stream. */
  readonly width: number;
  /** Width o of the result: how many classes there are, or as wide as a pooled vector is to be. */
  readonly output: number;
  /** Applied to the result. Default: nothing, for logits; ViT's pooler has `tanh`. */
  readonly activation?: Activation | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * What a vision transformer says of an image as a whole, from the class token alone: y = activation(x₀ W + b). x [b, t, d] → [b, o].
 *
 * Throws `ConfigError` unless the widths are whole numbers from 1 up; `forward` throws `ShapeError` when x is not [b, t, d].
 *
 * Dosovitskiy et al. 2020, "An image is worth 16×16 words: transformers for image recognition at scale".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const head = await new ClassTokenHead({ width: 8, output: 3, random: random(1) }).to(on);
 * console.log(head.forward(zeros([2, 5, 8], on)).shape); // [ 2, 3 ]
 * ```
 */
export class ClassTokenHead extends Module<[x: Tensor], Tensor> {
  readonly map: Linear;
  readonly activation: Activation | undefined;

  constructor({ width, output, activation, random }: ClassTokenHeadOptions) {
    super();
    this.map = new Linear({ input: width, output, random: random.fork("map") });
    this.activation = activation;
  }

  protected override compute(x: Tensor): Tensor {
    const [b, , d] = x.shape as [number, number, number];
    if (x.rank !== 3)
      throw new ShapeError(`ClassTokenHead: x must be [b, t, d], got [${x.shape.join(", ")}]`, { x: x.shape });
    const y = this.map.forward(reshape(slice(x, 1, 0, 1), [b, d])); // [b, 1, d] → [b, d]
    return this.activation === undefined ? y : this.activation(y);
  }
}
