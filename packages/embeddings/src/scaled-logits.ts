import { expectPositive, Module } from "@tenon/nn";
import { mul, type Tensor } from "@tenon/tensor";

/**
 * An output layer whose logits are scaled: scale · output(x), x [b, t, d] → [b, t, v]. Cohere's logit scale is 1/16 in the first Command
 * R; Granite divides by its logits scaling, so its scale here is 1 over that.
 *
 * Throws `ConfigError` unless the scale is a finite number above 0.
 *
 * Yang et al. 2022, "Tensor programs V: tuning large neural networks via zero-shot hyperparameter transfer", is where such multipliers
 * come from.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const tokens = await new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1) }).to(on);
 * const output = new ScaledLogits(new TiedOutput(tokens), 1 / 16);
 * console.log(output.forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 100 ]
 * ```
 */
export class ScaledLogits extends Module<[x: Tensor], Tensor> {
  readonly output: Module<[x: Tensor], Tensor>;
  readonly scale: number;

  constructor(output: Module<[x: Tensor], Tensor>, scale: number) {
    super();
    expectPositive("ScaledLogits", "scale", scale);
    this.output = output;
    this.scale = scale;
  }

  protected override compute(x: Tensor): Tensor {
    return mul(this.output.forward(x), this.scale);
  }
}
