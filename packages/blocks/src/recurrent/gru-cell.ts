import { expectSize, Linear, Module, uniformWithin, type Initialiser } from "@tenon/nn";
import { add, ConfigError, mul, ShapeError, sigmoid, slice, sub, tanh, type Random, type Tensor } from "@tenon/tensor";

/** Where the reset gate acts: on the state before the candidate's matrix (Cho et al. 2014), or on the product after it (cuDNN, PyTorch). */
export type ResetPlace = "before" | "after";

/** What a {@link GRUCell} and the layers around one are made from. */
export interface GRUOptions {
  /** Width d of what comes in. */
  readonly input: number;
  /** Width n of the state. */
  readonly hidden: number;
  /** Where the reset gate acts. Default "before", as in the paper; checkpoints of PyTorch and Keras need "after". */
  readonly reset?: ResetPlace | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How the weights begin. Default: uniform within 1 / √n; biases begin at 0. */
  readonly initial?: Initialiser | undefined;
}

/**
 * One step of a gated recurrent unit: x [b, d] and the state h [b, n] → the next state [b, n],
 *
 *     r = σ(Wᵣ x + Uᵣ h + bᵣ)    z = σ(W_z x + U_z h + b_z)    h' = z ∘ h + (1 − z) ∘ h̃
 *     reset "before":  h̃ = tanh(W x + U (r ∘ h) + b)           reset "after":  h̃ = tanh(W x + b + r ∘ (U h + c))
 *
 * `input` holds Wᵣ, W_z and W, one below the other, [3 n, d], and the biases bᵣ, b_z and b; `gates` Uᵣ and U_z, [2 n, n]; `candidate` U
 * [n, n] and, where the reset comes after it, c.
 *
 * Taps, all [b, n]: `reset`, `update` and `candidate`, that is r, z and h̃.
 *
 * Throws `ConfigError` unless both widths are whole numbers from 1 up and `reset` is one of the two; `forward` throws `ShapeError` when x does
 * not end with d or the state is not [b, n].
 *
 * Cho et al. 2014, "Learning phrase representations using RNN encoder–decoder for statistical machine translation".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const cell = await new GRUCell({ input: 4, hidden: 3, random: random(1) }).to(on);
 * console.log(cell.forward(ones([2, 4], on), zeros([2, 3], on)).shape); // [ 2, 3 ]
 * ```
 */
export class GRUCell extends Module<[x: Tensor, state: Tensor], Tensor> {
  readonly input: Linear;
  readonly gates: Linear;
  readonly candidate: Linear;
  readonly hidden: number;
  readonly reset: ResetPlace;

  constructor({ input, hidden, reset = "before", random, initial }: GRUOptions) {
    super();
    expectSize("GRUCell", "input", input);
    expectSize("GRUCell", "hidden", hidden);
    if (!["before", "after"].includes(reset)) {
      throw new ConfigError(`GRUCell: reset must be "before" or "after", got ${JSON.stringify(reset)}`, { reset });
    }
    const begin: Initialiser = initial ?? ((stream) => uniformWithin(stream, 1 / Math.sqrt(hidden)));
    const from = (name: string): { random: Random; initial: Initialiser } => ({
      random: random.fork(name),
      initial: begin,
    });
    this.input = new Linear({ input, output: 3 * hidden, ...from("input") });
    this.gates = new Linear({ input: hidden, output: 2 * hidden, bias: false, ...from("gates") });
    this.candidate = new Linear({ input: hidden, output: hidden, bias: reset === "after", ...from("candidate") });
    this.hidden = hidden;
    this.reset = reset;
  }

  protected override compute(x: Tensor, state: Tensor): Tensor {
    return this.step(this.input.forward(x), state);
  }

  /**
   * The step from what `input` makes of x, [b, 3 n], and the state [b, n]: for a layer that has all its positions pass `input` in one product.
   * Throws `ShapeError` unless both have these shapes.
   */
  step(projected: Tensor, state: Tensor): Tensor {
    const n = this.hidden;
    const batch = projected.shape[0]!;
    if (projected.rank !== 2 || state.shape.join() !== [batch, n].join()) {
      throw new ShapeError(
        `GRUCell: x must be [b, d] and the state [b, ${n}] with the same b, got x for [${projected.shape.slice(0, -1).join(", ")}] and the state [${state.shape.join(", ")}]`,
        { state: state.shape, hidden: n },
      );
    }
    const gates = sigmoid(add(slice(projected, 1, 0, 2 * n), this.gates.forward(state)));
    const reset = this.tap("reset", slice(gates, 1, 0, n));
    const update = this.tap("update", slice(gates, 1, n, n));
    const remembered =
      this.reset === "before" ? this.candidate.forward(mul(reset, state)) : mul(reset, this.candidate.forward(state));
    const candidate = this.tap("candidate", tanh(add(slice(projected, 1, 2 * n, n), remembered)));
    return add(candidate, mul(update, sub(state, candidate)));
  }
}
