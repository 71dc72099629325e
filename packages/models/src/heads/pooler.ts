import { Linear, Module, type Activation } from "@tenon/nn";
import { tanh, type Random, type Tensor } from "@tenon/tensor";

import type { HeadInput } from "./encoder-head.ts";
import { poolings } from "./pooling.ts";

/** What a {@link Pooler} is made from. */
export interface PoolerOptions {
  /** Width d of the stream. */
  readonly width: number;
  /** Default `tanh`. */
  readonly activation?: Activation | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * BERT's pooler, one vector for a whole sequence: y = tanh(x₀ W + b), where x₀ is the vector of the first real token.
 * x [b, t, d] → [b, d].
 *
 * Throws `ConfigError` unless the width is a whole number from 1 up; `forward` throws `ShapeError` when x is not [b, t, d], or `real`
 * not [b, t].
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers", as in its published code.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const pooler = await new Pooler({ width: 8, random: random(1) }).to(on);
 * console.log(pooler.forward(zeros([2, 3, 8], on)).shape); // [ 2, 8 ]
 * ```
 */
export class Pooler extends Module<[x: Tensor, input?: HeadInput], Tensor> {
  readonly transform: Linear;
  readonly activation: Activation;

  constructor({ width, activation = tanh, random }: PoolerOptions) {
    super();
    this.transform = new Linear({ input: width, output: width, random: random.fork("transform") });
    this.activation = activation;
  }

  protected override compute(x: Tensor, { real }: HeadInput = {}): Tensor {
    return this.activation(this.transform.forward(poolings.first(x, real)));
  }
}
