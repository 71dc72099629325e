import { alongTime, GRUCell, type ResetPlace } from "@tenon/blocks";
import { TokenEmbedding } from "@tenon/embeddings";
import { Linear, Maxout, Module } from "@tenon/nn";
import { add, concat, where, type Random, type Tensor } from "@tenon/tensor";

/** What a {@link RecurrentDecoder} is made from. */
export interface RecurrentDecoderOptions {
  /** v: how many tokens it can say. */
  readonly vocabulary: number;
  /** Width m of a token's vector. */
  readonly width: number;
  /** Width n of the state. */
  readonly hidden: number;
  /** Width c of what it is told of the source. */
  readonly context: number;
  /** Width l of what the logits are made from. */
  readonly readout: number;
  /** Where the reset gate of its cell acts. Default "before", as in the papers. */
  readonly reset?: ResetPlace | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
}

/** What comes with the ids of one forward pass. */
export interface RecurrentDecoderInput {
  /** The state before the first token, [b, n]. */
  readonly state: Tensor;
  /** What it is told of the source when it is in a state: [b, n] → [b, c]. */
  readonly look: (state: Tensor) => Tensor;
  /** Which tokens count, bool [b, t, 1]; the others leave the state as it is. Default: all. */
  readonly within?: Tensor | undefined;
}

/** What it gives. */
export interface RecurrentReadouts {
  /** What the logits after each token are made from, [b, t, l]. */
  readonly readouts: Tensor;
  /** The state after the last token, [b, n]. */
  readonly state: Tensor;
}

/**
 * The decoder of the recurrent translators: a gated recurrent unit that says a sentence token by token, and looks at the source before each.
 *
 *     cᵢ = look(sᵢ₋₁)    sᵢ = GRU(E yᵢ₋₁, sᵢ₋₁), whose gates and candidate each have a map of cᵢ added
 *     tᵢ = maxout(U [sᵢ; cᵢ; E yᵢ₋₁] + b)    logitsᵢ = W tᵢ + b′
 *
 * ids i32 [b, t] → readouts t [b, t, l], from which `output` makes the logits [b, t, v].
 *
 * Tap: `final` [b, t, l], the readouts.
 *
 * Throws `ConfigError` for sizes that are not whole numbers from 1 up; `forward` throws `ShapeError` when state or context do not fit.
 *
 * Bahdanau, Cho and Bengio 2014, "Neural machine translation by jointly learning to align and translate", appendix A.2.2, with the state sᵢ of the
 * paper's main text in the readout, for which the appendix has sᵢ₋₁; the maxout layer is that of Goodfellow et al. 2013, "Maxout networks".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const sizes = { vocabulary: 20, width: 6, hidden: 8, context: 4, readout: 5 };
 * const decoder = await new RecurrentDecoder({ ...sizes, random: random(1) }).to(on);
 * const y = ids([1, 2, 3], [1, 3], on, { limit: 20 });
 * const { readouts } = decoder.forward(y, { state: zeros([1, 8], on), look: () => zeros([1, 4], on) });
 * console.log(decoder.output.forward(readouts).shape); // [ 1, 3, 20 ]
 * ```
 */
export class RecurrentDecoder extends Module<[ids: Tensor, input: RecurrentDecoderInput], RecurrentReadouts> {
  /** E */
  readonly tokens: TokenEmbedding;
  readonly cell: GRUCell;
  readonly context: Linear;
  /** U */
  readonly readout: Maxout;
  /** W */
  readonly output: Linear;

  constructor({ vocabulary, width, hidden, context, readout, reset, random }: RecurrentDecoderOptions) {
    super();
    this.tokens = new TokenEmbedding({ vocabulary, width, random: random.fork("tokens") });
    this.cell = new GRUCell({ input: width, hidden, reset, random: random.fork("cell") });
    this.context = new Linear({ input: context, output: 3 * hidden, bias: false, random: random.fork("context") });
    this.readout = new Maxout({ input: hidden + context + width, output: readout, random: random.fork("readout") });
    this.output = new Linear({ input: readout, output: vocabulary, random: random.fork("output") });
  }

  protected override compute(ids: Tensor, { state, look, within }: RecurrentDecoderInput): RecurrentReadouts {
    const words = this.tokens.forward(ids); // [b, t, m]
    const projected = this.cell.input.forward(words); // [b, t, 3 n]
    const inputs = within === undefined ? [projected] : [projected, within];
    const { outputs, state: last } = alongTime(inputs, state, ([now, counts], before) => {
      const context = look(before);
      const next = this.cell.step(add(now!, this.context.forward(context)), before);
      const after = counts === undefined ? next : where(counts, next, before);
      return { output: concat([after, context], 1), state: after };
    });
    const readouts = this.tap("final", this.readout.forward(concat([outputs, words], 2)));
    return { readouts, state: last };
  }
}
