import { Dropout, expectSize, Linear, Module, type Activation, type Initialiser } from "@tenon/nn";
import { gelu, type Random, type Tensor } from "@tenon/tensor";

/** What an {@link MLP} is made from. */
export interface MLPOptions {
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** Width in between; four times d in GPT-2 and BERT. */
  readonly hidden: number;
  /** The non-linearity in between. Default `gelu`, exact, as in BERT; GPT-2 takes its tanh form. */
  readonly activation?: Activation | undefined;
  /** Do the two maps add a bias? Default true. */
  readonly bias?: boolean | undefined;
  /** Rate of a dropout on the hidden values, as in T5. Default: there is none. */
  readonly dropout?: number | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the weights begin. Default: as `Linear` does. */
  readonly initial?: Initialiser | undefined;
}

/**
 * The feed-forward part of the first transformers: down(activation(up(x))), x [b, t, d] → [b, t, d] by way of [b, t, hidden].
 *
 * Taps: `preactivation` and `hidden`, before and after the activation, both [b, t, hidden].
 *
 * Throws `ConfigError` unless both widths are whole numbers from 1 up, and for a dropout rate outside [0, 1); `forward` throws `ShapeError` when x does not end with d.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 3.3.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const mlp = await new MLP({ width: 16, hidden: 64, random: random(1) }).to(on);
 * console.log(mlp.forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 16 ]
 * ```
 */
export class MLP extends Module<[x: Tensor], Tensor> {
  readonly up: Linear;
  readonly down: Linear;
  readonly activation: Activation;
  readonly dropout: Dropout | undefined;

  constructor({ width, hidden, activation = gelu, bias = true, dropout, random, initial }: MLPOptions) {
    super();
    expectSize("MLP", "width", width);
    expectSize("MLP", "hidden", hidden);
    this.up = new Linear({ input: width, output: hidden, random: random.fork("up"), bias, initial });
    this.down = new Linear({ input: hidden, output: width, random: random.fork("down"), bias, initial });
    this.activation = activation;
    this.dropout = dropout === undefined ? undefined : new Dropout(dropout);
  }

  protected override compute(x: Tensor): Tensor {
    const preactivation = this.tap("preactivation", this.up.forward(x));
    const hidden = this.tap("hidden", this.activation(preactivation));
    return this.down.forward(this.dropout?.forward(hidden) ?? hidden);
  }
}
