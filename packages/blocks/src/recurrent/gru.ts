import { Module } from "@tenon/nn";
import type { Tensor } from "@tenon/tensor";

import { GRUCell, type GRUOptions } from "./gru-cell.ts";
import { recurrence, type Recurrence } from "./recurrence.ts";

/** What comes with the input of one forward pass of a {@link GRU}. */
export interface GRUInput {
  /** The state before the first position, [b, n]. Default: zeros. */
  readonly state?: Tensor | undefined;
  /** How many positions each sequence has, i32 [b], from 0 to t; what comes after is padding. Default: all have t. */
  readonly lengths?: Tensor | undefined;
}

/**
 * A gated recurrent unit along the time axis: x [b, t, d] → the states after each position [b, t, n], and the last one [b, n]. Padding never
 * changes a state: beyond a sequence's end the outputs are zeros, and the last state is the one at its end. Layers are stacked one after the
 * other, each reading the outputs of the one before.
 *
 * What the input adds to the gates is computed for all positions in one product; the steps themselves follow one another. Taps of the cell
 * are passed once for each position.
 *
 * Throws what {@link GRUCell} throws; `forward` throws `ShapeError` unless x is [b, t, d] with t ≥ 1, the state [b, n] and the lengths [b],
 * and `DTypeError` for lengths that are not i32.
 *
 * Cho et al. 2014, "Learning phrase representations using RNN encoder–decoder for statistical machine translation".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const gru = await new GRU({ input: 4, hidden: 3, random: random(1) }).to(on);
 * const lengths = tensor([5, 2], [2], on, "i32");
 * const { outputs, state } = gru.forward(ones([2, 5, 4], on), { lengths });
 * console.log(outputs.shape, state.shape); // [ 2, 5, 3 ] [ 2, 3 ]
 * ```
 */
export class GRU extends Module<[x: Tensor, input?: GRUInput], Recurrence> {
  readonly cell: GRUCell;

  constructor(options: GRUOptions) {
    super();
    this.cell = new GRUCell(options);
  }

  protected override compute(x: Tensor, { state, lengths }: GRUInput = {}): Recurrence {
    return recurrence(this.cell, x, "forwards", state, lengths);
  }
}
