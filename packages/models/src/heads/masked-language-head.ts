import { TiedOutput, type TokenEmbedding } from "@tenon/embeddings";
import { Linear, Module, type Activation, type Norm } from "@tenon/nn";
import { gelu, type Random, type Tensor } from "@tenon/tensor";

/** What a {@link MaskedLanguageHead} is made from. */
export interface MaskedLanguageHeadOptions {
  /** The embedding whose table makes the logits. */
  readonly tokens: TokenEmbedding;
  /** Width d of the stream. Default: that of the tokens' vectors; ALBERT's differ. */
  readonly width?: number | undefined;
  /** A norm of the tokens' width. */
  readonly norm: Norm;
  /** Default: `gelu`, exact. */
  readonly activation?: Activation | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/**
 * BERT's head for masked words: logits = norm(activation(x W + b)) tableᵀ + bias, through the token table. x [b, t, d] → [b, t, v].
 *
 * `forward` throws `ShapeError` when x does not end with d.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers", as in its published code.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const tokens = new TokenEmbedding({ vocabulary: 100, width: 64, random: random(1).fork("tokens") });
 * const head = await new MaskedLanguageHead({ tokens, norm: new LayerNorm(64), random: random(1) }).to(on);
 * console.log(head.forward(zeros([1, 3, 64], on)).shape); // [ 1, 3, 100 ]
 * ```
 */
export class MaskedLanguageHead extends Module<[x: Tensor], Tensor> {
  readonly transform: Linear;
  readonly norm: Norm;
  readonly output: TiedOutput;
  readonly activation: Activation;

  constructor({ tokens, width = tokens.width, norm, activation = gelu, random }: MaskedLanguageHeadOptions) {
    super();
    this.transform = new Linear({ input: width, output: tokens.width, random: random.fork("transform") });
    this.norm = norm;
    this.output = new TiedOutput(tokens, { bias: true });
    this.activation = activation;
  }

  protected override compute(x: Tensor): Tensor {
    return this.output.forward(this.norm.forward(this.activation(this.transform.forward(x))));
  }
}
