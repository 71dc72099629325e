import { Module } from "@tenon/nn";
import { concat, type Tensor } from "@tenon/tensor";

import { GRUCell, type GRUOptions } from "./gru-cell.ts";
import { recurrence } from "./recurrence.ts";

/** What comes with the input of one forward pass of a {@link BidirectionalGRU}. */
export interface BidirectionalGRUInput {
  /** The state of each direction before its first position, [b, n]. Default: zeros. */
  readonly states?: { readonly forwards?: Tensor | undefined; readonly backwards?: Tensor | undefined } | undefined;
  /** How many positions each sequence has, i32 [b], from 0 to t; what comes after is padding. Default: all have t. */
  readonly lengths?: Tensor | undefined;
}

/** What a {@link BidirectionalGRU} gives. */
export interface BidirectionalRecurrence {
  /** For each position the states of both directions, forwards first, [b, t, 2 n]; zeros beyond a sequence's end. */
  readonly outputs: Tensor;
  /** The last state of each direction, [b, n]: forwards the one at the sequence's end, backwards the one at its first position. */
  readonly states: { readonly forwards: Tensor; readonly backwards: Tensor };
}

/**
 * Two gated recurrent units, one that reads the sequence from its beginning and one that reads it from its end: x [b, t, d] → for each position
 * an annotation [b, t, 2 n], which knows what comes before and what comes after. The backward one begins at each sequence's own end, so that
 * padding changes nothing.
 *
 * Throws what {@link GRUCell} throws; `forward` throws `ShapeError` unless x is [b, t, d] with t ≥ 1, the states [b, n] and the lengths [b],
 * and `DTypeError` for lengths that are not i32.
 *
 * Schuster and Paliwal 1997, "Bidirectional recurrent neural networks"; as the encoder of Bahdanau, Cho and Bengio 2014, "Neural machine
 * translation by jointly learning to align and translate".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const encoder = await new BidirectionalGRU({ input: 4, hidden: 3, random: random(1) }).to(on);
 * const { outputs, states } = encoder.forward(ones([2, 5, 4], on), { lengths: tensor([5, 2], [2], on, "i32") });
 * console.log(outputs.shape, states.backwards.shape); // [ 2, 5, 6 ] [ 2, 3 ]
 * ```
 */
export class BidirectionalGRU extends Module<[x: Tensor, input?: BidirectionalGRUInput], BidirectionalRecurrence> {
  readonly forwards: GRUCell;
  readonly backwards: GRUCell;

  constructor({ random, ...options }: GRUOptions) {
    super();
    this.forwards = new GRUCell({ ...options, random: random.fork("forwards") });
    this.backwards = new GRUCell({ ...options, random: random.fork("backwards") });
  }

  protected override compute(x: Tensor, { states = {}, lengths }: BidirectionalGRUInput = {}): BidirectionalRecurrence {
    const forwards = recurrence(this.forwards, x, "forwards", states.forwards, lengths);
    const backwards = recurrence(this.backwards, x, "backwards", states.backwards, lengths);
    return {
      outputs: concat([forwards.outputs, backwards.outputs], 2),
      states: { forwards: forwards.state, backwards: backwards.state },
    };
  }
}
