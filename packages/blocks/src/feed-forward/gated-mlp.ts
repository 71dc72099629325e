import { Dropout, expectSize, Linear, Module, type Activation, type Initialiser } from "@tenon/nn";
import { mul, silu, type Random, type Tensor } from "@tenon/tensor";

/** What a {@link GatedMLP} is made from. */
export interface GatedMLPOptions {
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** Width in between. Two thirds of an `MLP`'s give as many parameters. */
  readonly hidden: number;
  /** The non-linearity of the gate: `silu` gives SwiGLU, `gelu` GeGLU, `relu` ReGLU, `sigmoid` GLU, `(x) => x` the bilinear form. Default `silu`. */
  readonly activation?: Activation | undefined;
  /** Do the three maps add a bias? Default false, as in the paper and in Llama. */
  readonly bias?: boolean | undefined;
  /** Rate of a dropout on the hidden values, as in T5. Default: there is none. */
  readonly dropout?: number | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the weights begin. Default: as `Linear` does. */
  readonly initial?: Initialiser | undefined;
}

/**
 * A feed-forward part whose hidden values are gated: down(activation(gate(x)) · up(x)), x [b, t, d] → [b, t, d] by way of
 * [b, t, hidden].
 *
 * Taps, all [b, t, hidden]: `preactivation`, the gate before the activation; `hidden`, the product.
 *
 * Throws `ConfigError` unless both widths are whole numbers from 1 up, and for a dropout rate outside [0, 1); `forward` throws `ShapeError` when x does not end with d.
 *
 * Shazeer 2020, "GLU variants improve transformer"; the GLU itself Dauphin et al. 2017, "Language modeling with gated convolutional networks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const swiglu = await new GatedMLP({ width: 16, hidden: 42, random: random(1) }).to(on);
 * console.log(swiglu.forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 16 ]
 * ```
 */
export class GatedMLP extends Module<[x: Tensor], Tensor> {
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;
  readonly activation: Activation;
  readonly dropout: Dropout | undefined;

  constructor({ width, hidden, activation = silu, bias = false, dropout, random, initial }: GatedMLPOptions) {
    super();
    expectSize("GatedMLP", "width", width);
    expectSize("GatedMLP", "hidden", hidden);
    this.gate = new Linear({ input: width, output: hidden, random: random.fork("gate"), bias, initial });
    this.up = new Linear({ input: width, output: hidden, random: random.fork("up"), bias, initial });
    this.down = new Linear({ input: hidden, output: width, random: random.fork("down"), bias, initial });
    this.activation = activation;
    this.dropout = dropout === undefined ? undefined : new Dropout(dropout);
  }

  protected override compute(x: Tensor): Tensor {
    const gate = this.activation(this.tap("preactivation", this.gate.forward(x)));
    const hidden = this.tap("hidden", mul(gate, this.up.forward(x)));
    return this.down.forward(this.dropout?.forward(hidden) ?? hidden);
  }
}
