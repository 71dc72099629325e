import { Dropout, expectSize, Linear, Module } from "@tenon/nn";
import type { Random, Tensor } from "@tenon/tensor";

/** What a {@link TokenClassificationHead} is made from. */
export interface TokenClassificationHeadOptions {
  /** Width d of the stream. */
  readonly width: number;
  /** How many classes there are. */
  readonly labels: number;
  /** Rate of the dropout before the map. Default 0. */
  readonly dropout?: number | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * Classifies each token: logits = x W + b. x [b, t, d] → [b, t, labels]. Names of people and places are found so, and with two labels the
 * answer to a question: the tokens where it begins, [b, t, 0], and where it ends, [b, t, 1].
 *
 * Throws `ConfigError` unless the sizes are whole numbers from 1 up and 0 ≤ dropout < 1; `forward` throws `ShapeError` when x does not end with d.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers", sections 4.2 and 5.3.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const head = await new TokenClassificationHead({ width: 8, labels: 2, random: random(1) }).to(on);
 * console.log(head.forward(zeros([2, 5, 8], on)).shape); // [ 2, 5, 2 ]
 * ```
 */
export class TokenClassificationHead extends Module<[x: Tensor], Tensor> {
  readonly dropout: Dropout;
  readonly output: Linear;

  constructor({ width, labels, dropout = 0, random }: TokenClassificationHeadOptions) {
    super();
    expectSize("TokenClassificationHead", "labels", labels);
    this.dropout = new Dropout(dropout);
    this.output = new Linear({ input: width, output: labels, random: random.fork("output") });
  }

  protected override compute(x: Tensor): Tensor {
    return this.output.forward(this.dropout.forward(x));
  }
}
