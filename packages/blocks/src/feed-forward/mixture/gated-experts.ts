import {
  eachOf,
  expectSize,
  Module,
  Parameter,
  wholeWeight,
  xavier,
  type Activation,
  type Initialiser,
  type QuantizablePart,
} from "@tenon/nn";
import { matmul, mul, reshape, ShapeError, silu, sizeOf, sum, type Random, type Tensor } from "@tenon/tensor";

import { BlockGroups, blockSize } from "./block-groups.ts";
import type { Experts } from "./experts.ts";
import type { Routed } from "./router.ts";

/** What {@link GatedExperts} are made from. */
export interface GatedExpertsOptions {
  /** How many experts there are. */
  readonly count: number;
  /** Width d of what comes in and goes out. */
  readonly width: number;
  /** Width within each expert. */
  readonly hidden: number;
  /** The non-linearity of the gates, as in `GatedMLP`. Default `silu`. */
  readonly activation?: Activation | undefined;
  /** Where the initial values come from. */
  readonly random: Random;
  /** How each expert's matrices begin. Default `xavier`. */
  readonly initial?: Initialiser | undefined;
}

/**
 * Experts that are gated feed-forward parts without biases, as in Mixtral: expertᵢ(x) = downᵢ (activation(gateᵢ x) · (upᵢ x)). Their matrices are stacked:
 * `gate` and `up` [count, hidden, d], `down` [count, d, hidden]. x [b, t, d] and where each token goes → Σ weight · expert(x), [b, t, d].
 *
 * Each token passes its own experts alone, in blocks of tokens with one expert: for k of E experts about k / E of the work of
 * passing all. Nothing is read back, so the work is the same however uneven the routing is. A block copies the matrices of its expert. In training
 * these copies are kept for the gradients, at most about five of every expert; `recompute` around the block frees them.
 *
 * Taps, both [b, t, k, hidden], for each token and its experts in the order chosen: `preactivation`, the gate before the activation; `hidden`, the
 * product before `down`.
 *
 * Throws `ConfigError` unless all sizes are whole numbers from 1 up; `forward` throws `ShapeError` when x does not end with d, or what is chosen is
 * not [b, t, k].
 *
 * Shazeer et al. 2017, "Outrageously large neural networks: the sparsely-gated mixture-of-experts layer".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const experts = await new GatedExperts({ count: 4, width: 8, hidden: 16, random: random(1) }).to(on);
 * const router = await new TopKRouter({ width: 8, experts: 4, expertsPerToken: 2, random: random(2) }).to(on);
 * const x = ones([1, 3, 8], on);
 * console.log(experts.forward(x, router.forward(x)).shape); // [ 1, 3, 8 ]
 * ```
 */
export class GatedExperts extends Module<[x: Tensor, routed: Routed], Tensor> implements Experts, QuantizablePart {
  readonly gate: Parameter;
  readonly up: Parameter;
  readonly down: Parameter;
  readonly count: number;
  readonly activation: Activation;

  constructor({ count, width, hidden, activation = silu, random, initial = xavier }: GatedExpertsOptions) {
    super();
    expectSize("GatedExperts", "count", count);
    expectSize("GatedExperts", "width", width);
    expectSize("GatedExperts", "hidden", hidden);
    const begin = eachOf(initial);
    this.gate = new Parameter([count, hidden, width], begin(random.fork("gate")));
    this.up = new Parameter([count, hidden, width], begin(random.fork("up")));
    this.down = new Parameter([count, width, hidden], begin(random.fork("down")));
    this.count = count;
    this.activation = activation;
  }

  get matrices(): readonly Parameter[] {
    return [this.gate, this.up, this.down];
  }

  protected override compute(x: Tensor, { chosen, weights }: Routed): Tensor {
    const [, hidden, width] = this.gate.type.shape as [number, number, number];
    const tokens = x.shape.slice(0, -1);
    const k = chosen.shape.at(-1)!;
    if (x.shape.at(-1) !== width || chosen.shape.join() !== [...tokens, k].join()) {
      throw new ShapeError(
        `GatedExperts: x must be [b, t, ${width}] and the chosen experts [b, t, k], got [${x.shape.join(", ")}] and [${chosen.shape.join(", ")}]`,
        { x: x.shape, chosen: chosen.shape },
      );
    }
    const n = sizeOf(tokens);
    const groups = new BlockGroups(reshape(chosen, [n, k]), this.count, blockSize(n * k, this.count));
    const pass = (y: Tensor, stack: Parameter): Tensor =>
      matmul(y, groups.matrices(wholeWeight(stack)), { transposeB: true });
    const rows = groups.spread(reshape(x, [n, width]));
    const shown = (name: string, y: Tensor): Tensor => {
      if (!this.tapped(name)) return y;
      const seen = this.tap(name, reshape(groups.byPair(y), [...tokens, k, hidden]));
      return groups.byBlock(reshape(seen, [n * k, hidden]));
    };
    const gate = this.activation(shown("preactivation", pass(rows, this.gate)));
    const inner = shown("hidden", mul(gate, pass(rows, this.up)));
    const y = groups.byPair(pass(inner, this.down));
    const weighted = mul(reshape(y, [n, k, width]), reshape(weights, [n, k, 1]));
    return reshape(sum(weighted, 1), x.shape);
  }
}
