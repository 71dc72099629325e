import { Dropout, expectSize, Module } from "@tenon/nn";
import { ConfigError, expand, type Tensor } from "@tenon/tensor";

import { NoResidual } from "./no-residual.ts";
import type { Residual, Sublayer } from "./residual.ts";
import { SandwichNorm } from "./sandwich-norm.ts";

/** What a {@link StochasticDepth} is made from. */
export interface StochasticDepthOptions {
  /** The connection around the sublayer, which also has the way around it. */
  readonly residual: Residual;
  /** How probably a sample skips the sublayer; {@link depthRate} gives one for each depth. */
  readonly rate: number;
}

/**
 * Trains a stack that is shorter for each sample: while `withDropout` runs, each sample of the batch skips the sublayer with probability
 * `rate`, and for the others what the sublayer gives is divided by 1 − rate; otherwise it is the connection that it wraps. So
 * x [b, t, d] → residual(x, m ∘ sublayer / (1 − rate)), with m [b, 1, 1] of zeros and ones.
 *
 * In expectation the sublayer gives the same in training and in use. The paper has the same expectation the other way: it leaves the
 * survivors as they are in training, and multiplies with 1 − rate in use. All samples are computed, then dropped: it regularises and saves no time.
 *
 * Taps: those of the connection, under `residual`.
 *
 * Throws `ConfigError` unless 0 ≤ rate < 1; for a `NoResidual`, which has no way around the sublayer; and for a `SandwichNorm`, whose
 * second norm undoes the division and makes of a skipped sublayer its bias.
 *
 * Huang et al. 2016, "Deep networks with stochastic depth".
 *
 * @example
 * ```ts
 * const residual = new StochasticDepth({ residual: new Shortcut(), rate: 0.5 });
 * const x = tensor([1, 1, 1, 1], [4, 1], cpu());
 * const run = (): Tensor => residual.forward(x, (x) => mul(x, 3));
 * console.log(await run().read()); // Float32Array(4) [ 4, 4, 4, 4 ]
 * console.log(await withDropout(residual, random(2), 0, run).read()); // Float32Array(4) [ 1, 1, 7, 7 ]
 * ```
 */
export class StochasticDepth extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
  readonly residual: Residual;
  readonly dropout: Dropout;

  constructor({ residual, rate }: StochasticDepthOptions) {
    super();
    if (!(rate >= 0 && rate < 1))
      throw new ConfigError(`StochasticDepth: rate must be at least 0 and below 1, got ${rate}`, { rate });
    if (residual instanceof NoResidual) {
      throw new ConfigError(
        "StochasticDepth: a NoResidual has no way around the sublayer that a sample could take; wrap a Shortcut, a PreNorm or another connection",
      );
    }
    if (residual instanceof SandwichNorm) {
      throw new ConfigError(
        "StochasticDepth: the second norm of a SandwichNorm undoes what is done to the sublayer's samples; wrap a PreNorm around a sublayer that ends with that norm",
      );
    }
    this.residual = residual;
    this.dropout = new Dropout(rate, { axes: 1 });
  }

  protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
    return this.residual.forward(x, (y) => {
      const given = sublayer(y);
      // What is one for all samples is dropped for some of them.
      const each = given.rank === y.rank && given.shape[0] === y.shape[0] ? given : expand(given, y.shape);
      return this.dropout.forward(each);
    });
  }
}

/**
 * The rate of {@link StochasticDepth} at one depth, where it rises linearly: (layer + 1) / layers · last, for layers counted from 0. Early
 * layers find what the later ones build on, and are dropped least.
 *
 * Throws `ConfigError` unless layers is a whole number from 1 up, layer one from 0 to layers − 1, and 0 ≤ last < 1.
 *
 * Huang et al. 2016, "Deep networks with stochastic depth", section 3, equation 4.
 *
 * @example
 * ```ts
 * console.log([0, 1, 2, 3].map((layer) => depthRate(layer, 4, 0.5))); // [ 0.125, 0.25, 0.375, 0.5 ]
 * ```
 */
export function depthRate(layer: number, layers: number, last: number): number {
  expectSize("depthRate", "layers", layers);
  if (!Number.isInteger(layer) || layer < 0 || layer >= layers)
    throw new ConfigError(`depthRate: layer must be a whole number from 0 to ${layers - 1}, got ${layer}`, { layer });
  if (!(last >= 0 && last < 1))
    throw new ConfigError(`depthRate: last must be at least 0 and below 1, got ${last}`, { last });
  return ((layer + 1) / layers) * last;
}
