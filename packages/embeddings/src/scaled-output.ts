import { expectPositive, Module } from "@tenon/nn";
import { mul, type Tensor } from "@tenon/tensor";

/** How a {@link ScaledOutput} differs from the usual. */
export interface ScaledOutputOptions {
  /** What x is multiplied by. Default 1/√d, as in T5. */
  readonly scale?: number | undefined;
}

/**
 * An output layer whose input is scaled: output(x / √d), x [b, t, d] → [b, t, v]. T5 has it before its tied product, since the vectors of
 * its table are of the size that the input wants, not the output. For a scale of the logits, bias included, see {@link ScaledLogits}.
 *
 * Throws `ConfigError` unless the scale is a finite number above 0.
 *
 * Raffel et al. 2020, "Exploring the limits of transfer learning with a unified text-to-text transformer", as in its published code.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const tokens = await new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1) }).to(on);
 * const output = new ScaledOutput(new TiedOutput(tokens));
 * console.log(output.forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 100 ]
 * ```
 */
export class ScaledOutput extends Module<[x: Tensor], Tensor> {
  readonly output: Module<[x: Tensor], Tensor>;
  readonly scale: number | undefined;

  constructor(output: Module<[x: Tensor], Tensor>, { scale }: ScaledOutputOptions = {}) {
    super();
    if (scale !== undefined) expectPositive("ScaledOutput", "scale", scale);
    this.output = output;
    this.scale = scale;
  }

  protected override compute(x: Tensor): Tensor {
    return this.output.forward(mul(x, this.scale ?? 1 / Math.sqrt(x.shape.at(-1)!)));
  }
}
