import { expectPositive, Module } from "@tenon/nn";
import { mul, tanh, type Tensor } from "@tenon/tensor";

/**
 * An output layer whose logits stay within ±cap: cap · tanh(output(x) / cap), x [b, t, d] → [b, t, v]. Near 0 they are as they were, and
 * their order never changes, so greedy decoding says the same with it and without; Gemma 2 caps at 30.
 *
 * Throws `ConfigError` unless the cap is a finite number above 0.
 *
 * Bello et al. 2016, "Neural combinatorial optimization with reinforcement learning"; Gemma Team 2024, "Gemma 2: improving open language
 * models at a practical size".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const tokens = await new TokenEmbedding({ vocabulary: 100, width: 16, random: random(1) }).to(on);
 * const output = new SoftCappedLogits(new TiedOutput(tokens), 30);
 * console.log(output.forward(zeros([1, 3, 16], on)).shape); // [ 1, 3, 100 ]
 * ```
 */
export class SoftCappedLogits extends Module<[x: Tensor], Tensor> {
  readonly output: Module<[x: Tensor], Tensor>;
  readonly cap: number;

  constructor(output: Module<[x: Tensor], Tensor>, cap: number) {
    super();
    expectPositive("SoftCappedLogits", "cap", cap);
    this.output = output;
    this.cap = cap;
  }

  protected override compute(x: Tensor): Tensor {
    return mul(tanh(mul(this.output.forward(x), 1 / this.cap)), this.cap);
  }
}
