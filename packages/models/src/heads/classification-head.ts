import { Dropout, expectSize, Linear, Module, type Activation } from "@tenon/nn";
import type { Random, Tensor } from "@tenon/tensor";

import type { HeadInput } from "./encoder-head.ts";
import { Pooler } from "./pooler.ts";

/** What a {@link ClassificationHead} is made from. */
export interface ClassificationHeadOptions {
  /** Width d of the stream. */
  readonly width: number;
  /** How many classes there are. */
  readonly labels: number;
  /** Of the pooler. Default `tanh`; DistilBERT has `relu`. */
  readonly activation?: Activation | undefined;
  /** Rate of the dropout between the two maps. Default 0. */
  readonly dropout?: number | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * Classifies a whole sequence, or a pair of them: logits = pooler(x) W + b. x [b, t, d] → [b, labels]. With two labels it is BERT's
 * prediction of whether one sentence follows another.
 *
 * Throws `ConfigError` unless the sizes are whole numbers from 1 up and 0 ≤ dropout < 1; `forward` throws `ShapeError` when x is not
 * [b, t, d], or `real` not [b, t].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers", section 4.1.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const head = await new ClassificationHead({ width: 8, labels: 3, random: random(1) }).to(on);
 * console.log(head.forward(zeros([2, 5, 8], on)).shape); // [ 2, 3 ]
 * ```
 */
export class ClassificationHead extends Module<[x: Tensor, input?: HeadInput], Tensor> {
  readonly pooler: Pooler;
  readonly dropout: Dropout;
  readonly output: Linear;

  constructor({ width, labels, activation, dropout = 0, random }: ClassificationHeadOptions) {
    super();
    expectSize("ClassificationHead", "labels", labels);
    this.pooler = new Pooler({ width, activation, random: random.fork("pooler") });
    this.dropout = new Dropout(dropout);
    this.output = new Linear({ input: width, output: labels, random: random.fork("output") });
  }

  protected override compute(x: Tensor, input?: HeadInput): Tensor {
    return this.output.forward(this.dropout.forward(this.pooler.forward(x, input)));
  }
}
